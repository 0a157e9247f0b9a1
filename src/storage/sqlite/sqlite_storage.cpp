#include "tollgate/storage/sqlite_storage.hpp"

#include "storage/sqlite/accounts.hpp"
#include "storage/sqlite/attempts.hpp"
#include "storage/sqlite/audit_log.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/invitations.hpp"
#include "storage/sqlite/key_store.hpp"
#include "storage/sqlite/ledger.hpp"
#include "storage/sqlite/sessions.hpp"
#include "storage/sqlite/usage_reports.hpp"

namespace tollgate::storage {

SqliteStorage::SqliteStorage(std::unique_ptr<sqlite::Database> database)
    : database_(std::move(database)),
      keys_(std::make_unique<sqlite::SqliteKeyStore>(*database_)),
      accounts_(std::make_unique<sqlite::SqliteAccounts>(*database_)),
      ledger_(std::make_unique<sqlite::SqliteLedger>(*database_)),
      sessions_(std::make_unique<sqlite::SqliteSessions>(*database_)),
      invitations_(std::make_unique<sqlite::SqliteInvitations>(*database_)),
      attempts_(std::make_unique<sqlite::SqliteAttempts>(*database_)),
      audit_log_(std::make_unique<sqlite::SqliteAuditLog>(*database_)),
      usage_reports_(std::make_unique<sqlite::SqliteUsageReports>(*database_)) {}

SqliteStorage::~SqliteStorage() = default;

base::Result<std::unique_ptr<SqliteStorage>> SqliteStorage::open(const std::filesystem::path& path,
                                                                 Migrate migrate) {
    auto database = sqlite::Database::open(path, migrate);
    if (!database) return base::fail(std::move(database.error()));
    return std::unique_ptr<SqliteStorage>(new SqliteStorage(std::move(*database)));
}

const std::vector<std::string>& SqliteStorage::applied_migrations() const {
    return database_->applied_migrations();
}

} // namespace tollgate::storage
