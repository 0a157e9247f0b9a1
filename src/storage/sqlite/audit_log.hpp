// The audit log in SQLite. Owned by SqliteStorage; any thread.
#pragma once

#include "storage/sqlite/database.hpp"
#include "tollgate/ports/audit_log.hpp"

namespace tollgate::storage::sqlite {

class SqliteAuditLog final : public ports::AuditLog {
public:
    explicit SqliteAuditLog(Database& database) : database_(database) {}

    base::Result<void> append(const ports::AuditEntry& entry) override;
    base::Result<ports::AuditPage> list(const ports::AuditFilter& filter) override;

private:
    Database& database_;
};

} // namespace tollgate::storage::sqlite
