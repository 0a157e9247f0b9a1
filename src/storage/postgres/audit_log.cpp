#include "storage/postgres/audit_log.hpp"

#include "storage/postgres/ledger_rows.hpp"

#include <algorithm>

namespace tollgate::storage::postgres {

namespace {

std::string list_sql(const ports::AuditFilter& filter) {
    std::string sql =
        "SELECT id, at, actor_id, actor, action, target, address, details FROM audit_log "
        "WHERE id < $1::bigint AND at >= $2::bigint AND at < $3::bigint AND starts_with(action, $4)";
    sql += filter.actor_id.empty() ? " AND $5::text = ''" : " AND actor_id = $5";
    sql += filter.target.empty() ? " AND $6::text = ''" : " AND target = $6";
    return sql + " ORDER BY id DESC LIMIT $7::bigint";
}

ports::AuditEntry read_entry(const Rows& row) {
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

base::Result<void> PostgresAuditLog::append(const ports::AuditEntry& entry) {
    return database_.write([&entry](Connection& connection) -> base::Result<void> {
        connection.query("INSERT INTO audit_log (at, actor_id, actor, action, target, address, details) "
                         "VALUES ($1, $2, $3, $4, $5, $6, $7)",
                         entry.at, entry.actor_id, entry.actor, entry.action, entry.target, entry.address,
                         entry.details);
        return {};
    });
}

base::Result<ports::AuditPage> PostgresAuditLog::list(const ports::AuditFilter& filter) {
    const std::size_t limit = std::clamp<std::size_t>(filter.limit, 1, largest_page);
    return database_.look_up([&](Connection& connection) -> base::Result<ports::AuditPage> {
        const auto after = filter.after.value_or(static_cast<std::uint64_t>(latest));
        auto rows = connection.query(list_sql(filter), after, micros_or(filter.from, earliest),
                                     micros_or(filter.until, latest), filter.action, filter.actor_id,
                                     filter.target, limit + 1);
        ports::AuditPage page;
        while (rows.step()) page.entries.push_back(read_entry(rows));
        if (page.entries.size() > limit) {
            page.entries.pop_back();
            page.next = page.entries.back().id;
        }
        return page;
    });
}

} // namespace tollgate::storage::postgres
