#include "storage/sqlite/migrations.hpp"

#include "storage/sqlite/move_events.hpp"

#include <set>

namespace tollgate::storage::sqlite {

namespace {

std::set<std::int64_t> applied_versions(Connection& connection) {
    auto table = connection.query("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'");
    std::set<std::int64_t> versions;
    if (!table.step()) return versions;
    auto rows = connection.query("SELECT version FROM schema_migrations");
    while (rows.step()) versions.insert(rows.integer(0));
    return versions;
}

void apply(Connection& connection, const Migration& migration) {
    connection.execute("CREATE TABLE IF NOT EXISTS schema_migrations ("
                       "version INTEGER PRIMARY KEY, name TEXT NOT NULL, "
                       "applied_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))) STRICT");
    connection.execute(std::string(migration.sql));
    connection.query("INSERT INTO schema_migrations (version, name) VALUES (?1, ?2)")
        .bind(migration.version, migration.name)
        .run();
}

} // namespace

base::Result<std::vector<Migration>> pending_migrations(Connection& connection) {
    return pending_among(known_migrations(), applied_versions(connection));
}

base::Result<std::vector<std::string>> apply_migrations(Connection& connection) {
    std::vector<std::string> names;
    while (true) {
        // Asked again under the write lock, because another process may have been faster.
        Transaction transaction(connection, Access::write);
        const auto pending = pending_migrations(connection);
        if (!pending) return base::fail(pending.error());
        if (pending->empty()) return names;
        if (pending->front().version == version_after_move && move_events(connection)) {
            transaction.commit();
            continue;
        }
        apply(connection, pending->front());
        transaction.commit();
        names.emplace_back(pending->front().name);
    }
}

} // namespace tollgate::storage::sqlite
