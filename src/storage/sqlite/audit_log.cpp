#include "storage/sqlite/audit_log.hpp"

#include "storage/sqlite/ledger_rows.hpp"

#include <algorithm>

namespace tollgate::storage::sqlite {

namespace {

std::string list_sql(const ports::AuditFilter& filter) {
    std::string sql = "SELECT id, at, actor_id, actor, action, target, address, details FROM audit_log "
                      "WHERE id < ?1 AND at >= ?2 AND at < ?3 AND substr(action, 1, length(?4)) = ?4";
    sql += filter.actor_id.empty() ? " AND ?5 = ''" : " AND actor_id = ?5";
    sql += filter.target.empty() ? " AND ?6 = ''" : " AND target = ?6";
    return sql + " ORDER BY id DESC LIMIT ?7";
}

ports::AuditEntry read_entry(const Query& row) {
    return {.id = static_cast<std::uint64_t>(row.integer(0)),
            .at = row.time(1),
            .actor_id = base::AccountId(row.text(2)),
            .actor = row.text(3),
            .action = row.text(4),
            .target = row.text(5),
            .address = row.text(6),
            .details = row.text(7)};
}

} // namespace

base::Result<void> SqliteAuditLog::append(const ports::AuditEntry& entry) {
    return database_.write([&entry](Connection& connection) -> base::Result<void> {
        connection
            .query("INSERT INTO audit_log (at, actor_id, actor, action, target, address, details) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
            .bind(entry.at, entry.actor_id, entry.actor, entry.action, entry.target, entry.address,
                  entry.details)
            .run();
        return {};
    });
}

base::Result<ports::AuditPage> SqliteAuditLog::list(const ports::AuditFilter& filter) {
    const std::size_t limit = std::clamp<std::size_t>(filter.limit, 1, largest_page);
    return database_.read([&](Connection& connection) -> base::Result<ports::AuditPage> {
        auto query = connection.query(list_sql(filter));
        const auto after = filter.after.value_or(static_cast<std::uint64_t>(latest));
        query.bind(after, micros_or(filter.from, earliest), micros_or(filter.until, latest), filter.action,
                   filter.actor_id, filter.target, limit + 1);
        ports::AuditPage page;
        while (query.step()) page.entries.push_back(read_entry(query));
        if (page.entries.size() > limit) {
            page.entries.pop_back();
            page.next = page.entries.back().id;
        }
        return page;
    });
}

} // namespace tollgate::storage::sqlite
