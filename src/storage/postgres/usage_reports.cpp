#include "storage/postgres/usage_reports.hpp"

#include "storage/postgres/ledger_rows.hpp"
#include "tollgate/domain/purse.hpp"
#include "tollgate/storage/latency_rows.hpp"

#include <algorithm>

namespace tollgate::storage::postgres {

namespace {

using ports::GroupBy;
using ports::SeriesPoint;
using ports::UsageFilter;

std::string_view series_column(GroupBy group) {
    return column_of(group == GroupBy::day ? GroupBy::nothing : group);
}

/// The calls that are looked at: $1 account, $2 key, $3 and $4 times, $5 and $6 cursor, $7 how many.
std::string looked_at_sql(const UsageFilter& filter) {
    std::string sql(event_columns);
    sql += filter.key_id ? " WHERE key_id = $2" : " WHERE $2::text IS NULL";
    sql += filter.account_id ? " AND account_id = $1" : " AND $1::text IS NULL";
    return sql + " AND started_at >= $3::bigint AND started_at < $4::bigint"
                 " AND (started_at, request_id) < ($5::bigint, $6)"
                 " ORDER BY started_at DESC, request_id DESC LIMIT $7::bigint";
}

std::string calls_sql(const UsageFilter& filter) {
    return "SELECT * FROM (" + looked_at_sql(filter) +
           ") AS looked_at WHERE status BETWEEN $8::integer AND $9::integer"
           " AND ($10::text IS NULL OR model = $10) AND ($11::text IS NULL OR provider = $11)"
           " ORDER BY started_at DESC, request_id DESC LIMIT $12::bigint";
}

struct Place {
    std::int64_t started_at = latest;
    std::string request_id{};
};

/// Where the looking ended, if there may be more behind it.
std::optional<ports::EventCursor> end_of_look(Connection& connection, const ports::CallQuery& asked,
                                              const Place& place) {
    const std::string sql = "SELECT started_at, request_id FROM (" + looked_at_sql(asked.filter) +
                            ") AS looked_at ORDER BY started_at, request_id LIMIT 1";
    const std::string count = "SELECT count(*) FROM (" + looked_at_sql(asked.filter) + ") AS looked_at";
    const auto ask = [&](const std::string& statement) {
        return connection.query(statement, asked.filter.account_id, asked.filter.key_id,
                                micros_or(asked.times.from, earliest), micros_or(asked.times.until, latest),
                                place.started_at, place.request_id, asked.scan);
    };
    auto counted = ask(count);
    if (!counted.step() || counted.integer(0) < static_cast<std::int64_t>(asked.scan)) return std::nullopt;
    auto last = ask(sql);
    if (!last.step()) return std::nullopt;
    return ports::EventCursor{.started_at = last.time(0), .request_id = base::RequestId(last.text(1))};
}

} // namespace

base::Result<std::vector<ports::GroupLatency>>
PostgresUsageReports::latencies(const UsageFilter& filter, const ports::DayRange& days, GroupBy group) {
    const std::string sql = "SELECT " + std::string(column_of(group)) +
                            ", bucket, sum(calls), sum(total_ms) FROM usage_latencies" + usage_where(filter) +
                            std::string(rows_condition(ports::latency_rows(filter, group))) +
                            " AND day BETWEEN $5 AND $6 GROUP BY 1, 2 ORDER BY 1, 2";
    return database_.read([&](Connection& connection) -> base::Result<std::vector<ports::GroupLatency>> {
        auto query = connection.query(sql, filter.account_id, filter.key_id, filter.model, filter.provider,
                                      first_day(days), last_day(days));
        std::vector<ports::GroupLatency> groups;
        while (query.step()) {
            std::string name = query.text(0);
            if (groups.empty() || groups.back().name != name) groups.push_back({.name = std::move(name)});
            groups.back().sums.add(static_cast<std::size_t>(query.integer(1)),
                                   static_cast<std::uint64_t>(query.integer(2)),
                                   static_cast<std::uint64_t>(query.integer(3)));
        }
        return groups;
    });
}

base::Result<std::vector<SeriesPoint>>
PostgresUsageReports::days(const UsageFilter& filter, const ports::DayRange& days, GroupBy group) {
    const std::string sql = "SELECT day, " + std::string(series_column(group)) + ", " +
                            std::string(sum_columns) + " FROM usage_days" + usage_where(filter) +
                            " AND day BETWEEN $5 AND $6 GROUP BY 1, 2 ORDER BY 1, 2";
    return database_.read([&](Connection& connection) -> base::Result<std::vector<SeriesPoint>> {
        auto query = connection.query(sql, filter.account_id, filter.key_id, filter.model, filter.provider,
                                      first_day(days), last_day(days));
        std::vector<SeriesPoint> points;
        while (query.step())
            points.push_back({.day = query.text(0), .name = query.text(1), .sums = read_sums(query, 2)});
        return points;
    });
}

base::Result<std::vector<SeriesPoint>>
PostgresUsageReports::hours(const UsageFilter& filter, const ports::TimeRange& times, GroupBy group) {
    const std::string sql = "SELECT hour, " + std::string(series_column(group)) + ", " +
                            std::string(sum_columns) + " FROM usage_hours" + usage_where(filter) +
                            " AND hour >= $5::bigint AND hour < $6::bigint GROUP BY 1, 2 ORDER BY 1, 2";
    return database_.read([&](Connection& connection) -> base::Result<std::vector<SeriesPoint>> {
        const auto from = times.from.transform([](base::WallTime time) -> base::WallTime {
            return std::chrono::floor<std::chrono::hours>(time);
        });
        auto query = connection.query(sql, filter.account_id, filter.key_id, filter.model, filter.provider,
                                      micros_or(from, earliest), micros_or(times.until, latest));
        std::vector<SeriesPoint> points;
        while (query.step())
            points.push_back({.hour = query.time(0), .name = query.text(1), .sums = read_sums(query, 2)});
        return points;
    });
}

base::Result<ports::EventPage> PostgresUsageReports::calls(const ports::CallQuery& asked) {
    const std::size_t limit = std::clamp<std::size_t>(asked.limit, 1, largest_page);
    Place place;
    if (asked.after)
        place = {asked.after->started_at.time_since_epoch().count(), asked.after->request_id.text()};
    return database_.read([&](Connection& connection) -> base::Result<ports::EventPage> {
        const UsageFilter& filter = asked.filter;
        auto query = connection.query(
            calls_sql(filter), filter.account_id, filter.key_id, micros_or(asked.times.from, earliest),
            micros_or(asked.times.until, latest), place.started_at, place.request_id, asked.scan,
            asked.status.low, asked.status.high, filter.model, filter.provider, limit + 1);
        ports::EventPage page;
        while (query.step()) page.events.push_back(read_event(query));
        if (page.events.size() <= limit) {
            page.next = end_of_look(connection, asked, place);
            return page;
        }
        page.events.pop_back();
        page.next = ports::EventCursor{.started_at = page.events.back().started_at,
                                       .request_id = page.events.back().request_id};
        return page;
    });
}

base::Result<std::vector<ports::WalletDay>>
PostgresUsageReports::wallet_days(const base::AccountId& account_id,
                                  std::optional<std::chrono::local_days> before, std::size_t limit) {
    return database_.read([&](Connection& connection) -> base::Result<std::vector<ports::WalletDay>> {
        auto query = connection.query("SELECT day, sum(wallet_micros), sum(requests) FROM usage_days "
                                      "WHERE account_id = $1 AND day < $2 GROUP BY day "
                                      "HAVING sum(wallet_micros) <> 0 ORDER BY day DESC LIMIT $3::bigint",
                                      account_id, before ? domain::to_string(*before) : std::string("~"),
                                      std::clamp<std::size_t>(limit, 1, largest_page));
        std::vector<ports::WalletDay> found;
        while (query.step()) {
            found.push_back({.day = domain::parse_day(query.text(0)).value_or(std::chrono::local_days()),
                             .charged = query.money(1),
                             .requests = static_cast<std::uint64_t>(query.integer(2))});
        }
        return found;
    });
}

base::Result<std::map<base::AccountId, ports::AccountSpend>> PostgresUsageReports::account_spends() {
    using Spends = std::map<base::AccountId, ports::AccountSpend>;
    return database_.read([](Connection& connection) -> base::Result<Spends> {
        auto query = connection.query("SELECT account_id, spent_micros, requests FROM account_totals");
        Spends spends;
        while (query.step()) {
            spends[base::AccountId(query.text(0))] = {
                .spent = query.money(1), .requests = static_cast<std::uint64_t>(query.integer(2))};
        }
        return spends;
    });
}

} // namespace tollgate::storage::postgres
