#include "contract/accounts_contract.hpp"
#include "contract/key_store_contract.hpp"
#include "support/temporary_directory.hpp"
#include "tollgate/storage/sqlite_storage.hpp"

namespace tollgate::testing {

namespace {

class SqliteStores final : public Stores {
public:
    ports::KeyStore& keys() override { return storage_->keys(); }
    ports::Accounts& accounts() override { return storage_->accounts(); }

private:
    TemporaryDirectory directory_;
    std::unique_ptr<storage::SqliteStorage> storage_ =
        storage::SqliteStorage::open(directory_.path() / "tollgate.db", storage::Migrate::apply).value();
};

const StoreFactory sqlite_factory{
    .name = "sqlite", .open = []() -> std::unique_ptr<Stores> { return std::make_unique<SqliteStores>(); }};

} // namespace

INSTANTIATE_TEST_SUITE_P(Adapters, AccountsContract, ::testing::Values(sqlite_factory), factory_name);
INSTANTIATE_TEST_SUITE_P(Adapters, KeyStoreContract, ::testing::Values(sqlite_factory), factory_name);

} // namespace tollgate::testing
