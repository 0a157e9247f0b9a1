#include "contract/postgres/target.hpp"
#include "contract/sign_in_contract.hpp"
#include "contract/usage_reports_contract.hpp"

namespace tollgate::testing {

namespace {

class PostgresEmpty final : public EmptyStorage {
public:
    explicit PostgresEmpty(Way way) : storage_(open_storage(fresh_database(), way)) {}
    ports::Storage& storage() override { return *storage_; }

private:
    std::unique_ptr<storage::PostgresStorage> storage_;
};

template <Way way>
std::unique_ptr<EmptyStorage> open_empty() {
    return std::make_unique<PostgresEmpty>(way);
}

const EmptyStorageFactory factories[] = {{.name = "direct", .open = open_empty<Way::direct>},
                                         {.name = "pooled", .open = open_empty<Way::pooled>}};

} // namespace

#define TG_ADAPTER(contract)                                                                                 \
    INSTANTIATE_TEST_SUITE_P(Postgres, contract, ::testing::ValuesIn(factories), empty_storage_name)
TG_ADAPTER(SessionsContract);
TG_ADAPTER(InvitationsContract);
TG_ADAPTER(AttemptsContract);
TG_ADAPTER(AuditLogContract);
TG_ADAPTER(AccountPagesContract);
TG_ADAPTER(KeyPagesContract);
TG_ADAPTER(UsageReportsContract);
#undef TG_ADAPTER

} // namespace tollgate::testing
