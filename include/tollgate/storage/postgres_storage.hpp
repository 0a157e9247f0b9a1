// The shared storage: a PostgreSQL database with accounts, keys and the books, for any number of nodes. Owned
// by app; its parts are blocking, may be called from any thread and live as long as it does. Connections are
// lent from a bounded pool, kept open, and made again after a restart or failover of the server.
//
// It keeps no state in a session and prepares nothing, so that pgbouncer may stand between in transaction
// mode.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/base/secret.hpp"
#include "tollgate/ports/storage.hpp"
#include "tollgate/storage/migrate.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tollgate::storage {

namespace postgres {
class Database;
} // namespace postgres

struct PostgresSettings {
    base::Secret url{};    // postgresql://user:password@host:5432/name, as libpq takes it
    std::string display{}; // the same without user and password, for messages
    std::size_t connections = 8;
    std::chrono::milliseconds connect_timeout{3000}; // per host
    /// For one piece of work, waiting for a connection included; proofs and retention take longer.
    std::chrono::milliseconds timeout{5000};
    /// The server itself, where `url` leads to a pooler, which would swallow notifications.
    std::optional<base::Secret> listen{};
};

class PostgresStorage final : public ports::Storage {
public:
    /// Connects and brings the schema up to date or, with Migrate::refuse, demands that it is. Error:
    /// storage_unavailable, saying what to do; Retry::maybe where a later attempt may succeed.
    static base::Result<std::unique_ptr<PostgresStorage>> open(const PostgresSettings& settings,
                                                               Migrate migrate);
    ~PostgresStorage() override;

    ports::KeyStore& keys() override { return *keys_; }
    ports::Accounts& accounts() override { return *accounts_; }
    ports::Ledger& ledger() override { return *ledger_; }
    ports::Sessions& sessions() override { return *sessions_; }
    ports::Invitations& invitations() override { return *invitations_; }
    ports::Attempts& attempts() override { return *attempts_; }
    ports::AuditLog& audit_log() override { return *audit_log_; }
    ports::UsageReports& usage_reports() override { return *usage_reports_; }
    ports::Fleet* fleet() override { return fleet_.get(); }
    const std::vector<std::string>& applied_migrations() const override;

private:
    explicit PostgresStorage(std::unique_ptr<postgres::Database> database);

    std::unique_ptr<postgres::Database> database_;
    std::unique_ptr<ports::KeyStore> keys_;
    std::unique_ptr<ports::Accounts> accounts_;
    std::unique_ptr<ports::Ledger> ledger_;
    std::unique_ptr<ports::Sessions> sessions_;
    std::unique_ptr<ports::Invitations> invitations_;
    std::unique_ptr<ports::Attempts> attempts_;
    std::unique_ptr<ports::AuditLog> audit_log_;
    std::unique_ptr<ports::UsageReports> usage_reports_;
    std::unique_ptr<ports::Fleet> fleet_;
};

} // namespace tollgate::storage
