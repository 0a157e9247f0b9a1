#include "tollgate/storage/postgres_storage.hpp"

#include "storage/postgres/accounts.hpp"
#include "storage/postgres/attempts.hpp"
#include "storage/postgres/audit_log.hpp"
#include "storage/postgres/database.hpp"
#include "storage/postgres/fleet.hpp"
#include "storage/postgres/invitations.hpp"
#include "storage/postgres/key_store.hpp"
#include "storage/postgres/ledger.hpp"
#include "storage/postgres/sessions.hpp"
#include "storage/postgres/usage_reports.hpp"

namespace tollgate::storage {

PostgresStorage::PostgresStorage(std::unique_ptr<postgres::Database> database)
    : database_(std::move(database)),
      keys_(std::make_unique<postgres::PostgresKeyStore>(*database_)),
      accounts_(std::make_unique<postgres::PostgresAccounts>(*database_)),
      ledger_(std::make_unique<postgres::PostgresLedger>(*database_)),
      sessions_(std::make_unique<postgres::PostgresSessions>(*database_)),
      invitations_(std::make_unique<postgres::PostgresInvitations>(*database_)),
      attempts_(std::make_unique<postgres::PostgresAttempts>(*database_)),
      audit_log_(std::make_unique<postgres::PostgresAuditLog>(*database_)),
      usage_reports_(std::make_unique<postgres::PostgresUsageReports>(*database_)),
      fleet_(std::make_unique<postgres::PostgresFleet>(*database_)) {}

PostgresStorage::~PostgresStorage() = default;

base::Result<std::unique_ptr<PostgresStorage>> PostgresStorage::open(const PostgresSettings& settings,
                                                                     Migrate migrate) {
    auto database = postgres::Database::open(settings, migrate);
    if (!database) return base::fail(std::move(database.error()));
    return std::unique_ptr<PostgresStorage>(new PostgresStorage(std::move(*database)));
}

const std::vector<std::string>& PostgresStorage::applied_migrations() const {
    return database_->applied_migrations();
}

} // namespace tollgate::storage
