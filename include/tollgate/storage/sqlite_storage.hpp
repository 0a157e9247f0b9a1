// The embedded storage: one SQLite file with accounts, keys and the books. Owned by app; its parts are
// blocking, may be called from any thread and live as long as it does.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/ports/storage.hpp"
#include "tollgate/storage/migrate.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace tollgate::storage {

namespace sqlite {
class Database;
}

class SqliteStorage final : public ports::Storage {
public:
    /// Opens the file (created with mode 0600, its directory with it). Error: storage_unavailable, saying
    /// what to do; with Migrate::refuse also when the schema is out of date.
    static base::Result<std::unique_ptr<SqliteStorage>> open(const std::filesystem::path& path,
                                                             Migrate migrate);
    ~SqliteStorage() override;

    ports::KeyStore& keys() override { return *keys_; }
    ports::Accounts& accounts() override { return *accounts_; }
    ports::Ledger& ledger() override { return *ledger_; }
    ports::Sessions& sessions() override { return *sessions_; }
    ports::Invitations& invitations() override { return *invitations_; }
    ports::Attempts& attempts() override { return *attempts_; }
    ports::AuditLog& audit_log() override { return *audit_log_; }
    ports::UsageReports& usage_reports() override { return *usage_reports_; }
    const std::vector<std::string>& applied_migrations() const override;

private:
    explicit SqliteStorage(std::unique_ptr<sqlite::Database> database);

    std::unique_ptr<sqlite::Database> database_;
    std::unique_ptr<ports::KeyStore> keys_;
    std::unique_ptr<ports::Accounts> accounts_;
    std::unique_ptr<ports::Ledger> ledger_;
    std::unique_ptr<ports::Sessions> sessions_;
    std::unique_ptr<ports::Invitations> invitations_;
    std::unique_ptr<ports::Attempts> attempts_;
    std::unique_ptr<ports::AuditLog> audit_log_;
    std::unique_ptr<ports::UsageReports> usage_reports_;
};

} // namespace tollgate::storage
