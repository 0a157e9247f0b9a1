// Reading the books.
#include "storage/sqlite/call_rows.hpp"
#include "storage/sqlite/ledger.hpp"
#include "storage/sqlite/ledger_rows.hpp"
#include "tollgate/domain/purse.hpp"

#include <algorithm>

namespace tollgate::storage::sqlite {

namespace {

using ports::GroupBy;
using ports::UsageFilter;
using std::chrono::local_days;

base::Money spent_since(Connection& connection, const base::KeyId& key_id, local_days first) {
    auto query = connection.query(
        "SELECT coalesce(sum(cost_micros), 0) FROM usage_days WHERE key_id = ?1 AND day >= ?2");
    query.bind(key_id, domain::to_string(first)).step();
    return query.money(0);
}

local_days monday_of(local_days day) {
    return day - (std::chrono::weekday(day) - std::chrono::Monday);
}

local_days first_of_month(local_days day) {
    const std::chrono::year_month_day date(day);
    return local_days(date.year() / date.month() / 1);
}

} // namespace

base::Result<base::Money> SqliteLedger::purse_total(std::string_view name) {
    return database_.read([name](Connection& connection) -> base::Result<base::Money> {
        constexpr std::string_view wallet = "wallet:";
        const bool is_wallet = name.starts_with(wallet);
        auto query = connection.query(is_wallet ? "SELECT spent_micros FROM wallets WHERE account_id = ?1"
                                                : "SELECT spent_micros FROM purse_totals WHERE name = ?1");
        query.bind(is_wallet ? name.substr(wallet.size()) : name);
        return query.step() ? query.money(0) : base::Money();
    });
}

base::Result<ports::KeySpend> SqliteLedger::key_spend(const base::KeyId& key_id, local_days today) {
    return database_.read([&key_id, today](Connection& connection) -> base::Result<ports::KeySpend> {
        ports::KeySpend spend;
        auto query =
            connection.query("SELECT spent_micros, requests, last_used_at FROM key_totals WHERE key_id = ?1");
        if (!query.bind(key_id).step()) return spend;
        spend.total = query.money(0);
        spend.requests = static_cast<std::uint64_t>(query.integer(1));
        spend.last_used_at = query.time(2);
        spend.day = spent_since(connection, key_id, today);
        spend.week = spent_since(connection, key_id, monday_of(today));
        spend.month = spent_since(connection, key_id, first_of_month(today));
        return spend;
    });
}

base::Result<std::vector<ports::UsageGroup>>
SqliteLedger::summary(const UsageFilter& filter, const ports::DayRange& days, GroupBy group) {
    const std::string column(column_of(group));
    const std::string order = group == GroupBy::day ? "1" : "sum(cost_micros) DESC, 1";
    const std::string sql = "SELECT " + column + ", " + std::string(sum_columns) + " FROM usage_days" +
                            usage_where(filter) + " AND day BETWEEN ?5 AND ?6 GROUP BY 1 ORDER BY " + order;
    return database_.read([&](Connection& connection) -> base::Result<std::vector<ports::UsageGroup>> {
        auto query = connection.query(sql);
        query.bind(filter.account_id, filter.key_id, filter.model, filter.provider, first_day(days),
                   last_day(days));
        std::vector<ports::UsageGroup> groups;
        while (query.step()) groups.push_back({.name = query.text(0), .sums = read_sums(query, 1)});
        if (group == GroupBy::nothing && groups.empty()) groups.emplace_back();
        return groups;
    });
}

base::Result<std::vector<ports::UsagePoint>> SqliteLedger::hours(const UsageFilter& filter,
                                                                 const ports::TimeRange& times) {
    const std::string sql = "SELECT hour, " + std::string(sum_columns) + " FROM usage_hours" +
                            usage_where(filter) + " AND hour >= ?5 AND hour < ?6 GROUP BY hour ORDER BY hour";
    const auto to_the_hour = [](const std::optional<base::WallTime>& time) {
        return time.transform([](base::WallTime each) -> base::WallTime {
            return std::chrono::floor<std::chrono::hours>(each);
        });
    };
    return database_.read([&](Connection& connection) -> base::Result<std::vector<ports::UsagePoint>> {
        auto query = connection.query(sql);
        query.bind(filter.account_id, filter.key_id, filter.model, filter.provider,
                   micros_or(to_the_hour(times.from), earliest), micros_or(to_the_hour(times.until), latest));
        std::vector<ports::UsagePoint> points;
        while (query.step()) points.push_back({.hour = query.time(0), .sums = read_sums(query, 1)});
        return points;
    });
}

base::Result<ports::EventPage> SqliteLedger::events(const ports::EventQuery& asked) {
    const std::size_t limit = std::clamp<std::size_t>(asked.limit, 1, largest_page);
    return database_.read([&](Connection& connection) -> base::Result<ports::EventPage> {
        CallRows rows(connection, {.filter = asked.filter, .times = asked.times, .after = asked.after});
        ports::EventPage page;
        ports::EventCursor last;
        while (rows.step()) {
            if (!rows.matches()) continue;
            if (page.events.size() == limit) {
                page.next = last;
                break;
            }
            page.events.push_back(rows.event());
            last = rows.place();
        }
        return page;
    });
}

} // namespace tollgate::storage::sqlite
