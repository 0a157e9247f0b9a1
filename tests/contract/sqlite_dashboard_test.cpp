#include "contract/sign_in_contract.hpp"
#include "contract/usage_reports_contract.hpp"
#include "support/temporary_directory.hpp"
#include "tollgate/storage/sqlite_storage.hpp"

namespace tollgate::testing {

namespace {

class SqliteEmpty final : public EmptyStorage {
public:
    ports::Storage& storage() override { return *storage_; }

private:
    TemporaryDirectory directory_;
    std::unique_ptr<storage::SqliteStorage> storage_ =
        storage::SqliteStorage::open(directory_.path() / "tollgate.db", storage::Migrate::apply).value();
};

const EmptyStorageFactory sqlite{.name = "sqlite", .open = []() -> std::unique_ptr<EmptyStorage> {
                                     return std::make_unique<SqliteEmpty>();
                                 }};

} // namespace

#define TG_ADAPTER(contract)                                                                                 \
    INSTANTIATE_TEST_SUITE_P(Adapters, contract, ::testing::Values(sqlite), empty_storage_name)
TG_ADAPTER(SessionsContract);
TG_ADAPTER(InvitationsContract);
TG_ADAPTER(AttemptsContract);
TG_ADAPTER(AuditLogContract);
TG_ADAPTER(AccountPagesContract);
TG_ADAPTER(KeyPagesContract);
TG_ADAPTER(UsageReportsContract);
#undef TG_ADAPTER

} // namespace tollgate::testing
