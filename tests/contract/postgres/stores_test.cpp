#include "contract/accounts_contract.hpp"
#include "contract/key_store_contract.hpp"
#include "contract/postgres/target.hpp"

namespace tollgate::testing {

namespace {

class PostgresStores final : public Stores {
public:
    explicit PostgresStores(Way way) : storage_(open_storage(fresh_database(), way)) {}
    ports::KeyStore& keys() override { return storage_->keys(); }
    ports::Accounts& accounts() override { return storage_->accounts(); }

private:
    std::unique_ptr<storage::PostgresStorage> storage_;
};

template <Way way>
std::unique_ptr<Stores> open_stores() {
    return std::make_unique<PostgresStores>(way);
}

const StoreFactory factories[] = {{.name = "direct", .open = open_stores<Way::direct>},
                                  {.name = "pooled", .open = open_stores<Way::pooled>}};

} // namespace

INSTANTIATE_TEST_SUITE_P(Postgres, AccountsContract, ::testing::ValuesIn(factories), factory_name);
INSTANTIATE_TEST_SUITE_P(Postgres, KeyStoreContract, ::testing::ValuesIn(factories), factory_name);

} // namespace tollgate::testing
