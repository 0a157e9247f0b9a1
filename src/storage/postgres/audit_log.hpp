// The audit log in PostgreSQL. Owned by PostgresStorage; any thread.
#pragma once

#include "storage/postgres/database.hpp"
#include "tollgate/ports/audit_log.hpp"

namespace tollgate::storage::postgres {

class PostgresAuditLog final : public ports::AuditLog {
public:
    explicit PostgresAuditLog(Database& database) : database_(database) {}

    base::Result<void> append(const ports::AuditEntry& entry) override;
    base::Result<ports::AuditPage> list(const ports::AuditFilter& filter) override;

private:
    Database& database_;
};

} // namespace tollgate::storage::postgres
