#include "storage/postgres/migrations.hpp"

#include <set>

namespace tollgate::storage::postgres {

namespace {

/// Of pg_advisory_xact_lock: "tollgate" in ASCII. A lock of the session would stay behind in a pooler.
constexpr std::int64_t migration_lock = 0x746f6c6c67617465;

bool has_version_table(Connection& connection) {
    // Not to_regclass(): within a transaction it may answer what it knew before the wait for the lock.
    auto row = connection.query("SELECT EXISTS (SELECT 1 FROM pg_class WHERE relname = 'schema_migrations' "
                                "AND pg_table_is_visible(oid))");
    return row.step() && row.truth(0);
}

std::set<std::int64_t> applied_versions(Connection& connection) {
    std::set<std::int64_t> versions;
    if (!has_version_table(connection)) return versions;
    auto rows = connection.query("SELECT version FROM schema_migrations");
    while (rows.step()) versions.insert(rows.integer(0));
    return versions;
}

} // namespace

base::Result<std::vector<Migration>> pending_migrations(Connection& connection) {
    return pending_among(known_migrations(), applied_versions(connection));
}

base::Result<std::string> apply_next_migration(Connection& connection) {
    {
        // Usually there is nothing to do, and a restricted user may do nothing.
        const auto pending = pending_migrations(connection);
        if (!pending) return base::fail(pending.error());
        if (pending->empty()) return std::string();
    }
    connection.query("SELECT pg_advisory_xact_lock($1::bigint)", migration_lock);
    // Asked again under the lock, because another process may have been faster.
    const auto pending = pending_migrations(connection);
    if (!pending) return base::fail(pending.error());
    if (pending->empty()) return std::string();
    const Migration& next = pending->front();
    connection.execute("CREATE TABLE IF NOT EXISTS schema_migrations (version integer PRIMARY KEY, "
                       "name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())");
    connection.execute(std::string(next.sql));
    connection.query("INSERT INTO schema_migrations (version, name) VALUES ($1::integer, $2)", next.version,
                     next.name);
    return std::string(next.name);
}

} // namespace tollgate::storage::postgres
