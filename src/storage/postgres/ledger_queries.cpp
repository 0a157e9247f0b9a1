// Reading the books. The conditions name only the filters that are there, so that the server picks the index
// of the narrowest one.
#include "storage/postgres/ledger.hpp"
#include "storage/postgres/ledger_rows.hpp"
#include "tollgate/domain/purse.hpp"

#include <algorithm>

namespace tollgate::storage::postgres {

namespace {

using ports::GroupBy;
using ports::UsageFilter;
using std::chrono::local_days;

base::Money spent_since(Connection& connection, const base::KeyId& key_id, local_days first) {
    auto rows = connection.query(
        "SELECT coalesce(sum(cost_micros), 0) FROM usage_days WHERE key_id = $1 AND day >= $2", key_id,
        domain::to_string(first));
    rows.step();
    return rows.money(0);
}

local_days monday_of(local_days day) {
    return day - (std::chrono::weekday(day) - std::chrono::Monday);
}

local_days first_of_month(local_days day) {
    const std::chrono::year_month_day date(day);
    return local_days(date.year() / date.month() / 1);
}

} // namespace

base::Result<base::Money> PostgresLedger::purse_total(std::string_view name) {
    return database_.look_up([name](Connection& connection) -> base::Result<base::Money> {
        constexpr std::string_view wallet = "wallet:";
        const bool is_wallet = name.starts_with(wallet);
        auto rows = connection.query(is_wallet ? "SELECT spent_micros FROM wallets WHERE account_id = $1"
                                               : "SELECT spent_micros FROM purse_totals WHERE name = $1",
                                     is_wallet ? name.substr(wallet.size()) : name);
        return rows.step() ? rows.money(0) : base::Money();
    });
}

base::Result<ports::KeySpend> PostgresLedger::key_spend(const base::KeyId& key_id, local_days today) {
    return database_.read([&key_id, today](Connection& connection) -> base::Result<ports::KeySpend> {
        ports::KeySpend spend;
        auto rows = connection.query(
            "SELECT spent_micros, requests, last_used_at FROM key_totals WHERE key_id = $1", key_id);
        if (!rows.step()) return spend;
        spend.total = rows.money(0);
        spend.requests = static_cast<std::uint64_t>(rows.integer(1));
        spend.last_used_at = rows.time(2);
        spend.day = spent_since(connection, key_id, today);
        spend.week = spent_since(connection, key_id, monday_of(today));
        spend.month = spent_since(connection, key_id, first_of_month(today));
        return spend;
    });
}

base::Result<std::vector<ports::UsageGroup>>
PostgresLedger::summary(const UsageFilter& filter, const ports::DayRange& days, GroupBy group) {
    const std::string column(column_of(group));
    const std::string order = group == GroupBy::day ? "1" : "sum(cost_micros) DESC, 1";
    const std::string sql = "SELECT " + column + " AS name, " + std::string(sum_columns) +
                            " FROM usage_days" + usage_where(filter) +
                            " AND day BETWEEN $5 AND $6 GROUP BY 1 ORDER BY " + order;
    return database_.read([&](Connection& connection) -> base::Result<std::vector<ports::UsageGroup>> {
        auto rows = connection.query(sql, filter.account_id, filter.key_id, filter.model, filter.provider,
                                     first_day(days), last_day(days));
        std::vector<ports::UsageGroup> groups;
        while (rows.step()) groups.push_back({.name = rows.text(0), .sums = read_sums(rows, 1)});
        if (group == GroupBy::nothing && groups.empty()) groups.emplace_back();
        return groups;
    });
}

base::Result<std::vector<ports::UsagePoint>> PostgresLedger::hours(const UsageFilter& filter,
                                                                   const ports::TimeRange& times) {
    const std::string sql = "SELECT hour, " + std::string(sum_columns) + " FROM usage_hours" +
                            usage_where(filter) +
                            " AND hour >= $5::bigint AND hour < $6::bigint GROUP BY hour ORDER BY hour";
    const auto to_the_hour = [](const std::optional<base::WallTime>& time) {
        return time.transform([](base::WallTime each) -> base::WallTime {
            return std::chrono::floor<std::chrono::hours>(each);
        });
    };
    return database_.read([&](Connection& connection) -> base::Result<std::vector<ports::UsagePoint>> {
        auto rows = connection.query(sql, filter.account_id, filter.key_id, filter.model, filter.provider,
                                     micros_or(to_the_hour(times.from), earliest),
                                     micros_or(to_the_hour(times.until), latest));
        std::vector<ports::UsagePoint> points;
        while (rows.step()) points.push_back({.hour = rows.time(0), .sums = read_sums(rows, 1)});
        return points;
    });
}

base::Result<ports::EventPage> PostgresLedger::events(const ports::EventQuery& asked) {
    const std::string sql = std::string(event_columns) + usage_where(asked.filter) +
                            " AND started_at >= $5::bigint AND started_at < $6::bigint"
                            " AND (started_at, request_id) < ($7::bigint, $8)"
                            " ORDER BY started_at DESC, request_id DESC LIMIT $9::bigint";
    const std::size_t limit = std::clamp<std::size_t>(asked.limit, 1, largest_page);
    return database_.read([&](Connection& connection) -> base::Result<ports::EventPage> {
        auto rows = connection.query(
            sql, asked.filter.account_id, asked.filter.key_id, asked.filter.model, asked.filter.provider,
            micros_or(asked.times.from, earliest), micros_or(asked.times.until, latest),
            asked.after ? asked.after->started_at.time_since_epoch().count() : latest,
            asked.after ? asked.after->request_id.text() : std::string(), limit + 1);
        ports::EventPage page;
        while (rows.step()) page.events.push_back(read_event(rows));
        if (page.events.size() > limit) {
            page.events.pop_back();
            page.next = ports::EventCursor{.started_at = page.events.back().started_at,
                                           .request_id = page.events.back().request_id};
        }
        return page;
    });
}

} // namespace tollgate::storage::postgres
