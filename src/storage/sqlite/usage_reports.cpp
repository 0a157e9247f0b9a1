#include "storage/sqlite/usage_reports.hpp"

#include "storage/sqlite/call_rows.hpp"
#include "storage/sqlite/ledger_rows.hpp"
#include "tollgate/domain/purse.hpp"
#include "tollgate/storage/latency_rows.hpp"

#include <algorithm>

namespace tollgate::storage::sqlite {

namespace {

using ports::GroupBy;
using ports::SeriesPoint;
using ports::UsageFilter;

std::string_view series_column(GroupBy group) {
    return column_of(group == GroupBy::day ? GroupBy::nothing : group);
}

} // namespace

base::Result<std::vector<ports::GroupLatency>>
SqliteUsageReports::latencies(const UsageFilter& filter, const ports::DayRange& days, GroupBy group) {
    const std::string sql = "SELECT " + std::string(column_of(group)) +
                            ", bucket, sum(calls), sum(total_ms) FROM usage_latencies" + usage_where(filter) +
                            std::string(rows_condition(ports::latency_rows(filter, group))) +
                            " AND day BETWEEN ?5 AND ?6 GROUP BY 1, 2 ORDER BY 1, 2";
    return database_.read([&](Connection& connection) -> base::Result<std::vector<ports::GroupLatency>> {
        auto query = connection.query(sql);
        query.bind(filter.account_id, filter.key_id, filter.model, filter.provider, first_day(days),
                   last_day(days));
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

base::Result<std::vector<SeriesPoint>> SqliteUsageReports::days(const UsageFilter& filter,
                                                                const ports::DayRange& days, GroupBy group) {
    const std::string sql = "SELECT day, " + std::string(series_column(group)) + ", " +
                            std::string(sum_columns) + " FROM usage_days" + usage_where(filter) +
                            " AND day BETWEEN ?5 AND ?6 GROUP BY 1, 2 ORDER BY 1, 2";
    return database_.read([&](Connection& connection) -> base::Result<std::vector<SeriesPoint>> {
        auto query = connection.query(sql);
        query.bind(filter.account_id, filter.key_id, filter.model, filter.provider, first_day(days),
                   last_day(days));
        std::vector<SeriesPoint> points;
        while (query.step())
            points.push_back({.day = query.text(0), .name = query.text(1), .sums = read_sums(query, 2)});
        return points;
    });
}

base::Result<std::vector<SeriesPoint>>
SqliteUsageReports::hours(const UsageFilter& filter, const ports::TimeRange& times, GroupBy group) {
    const std::string sql = "SELECT hour, " + std::string(series_column(group)) + ", " +
                            std::string(sum_columns) + " FROM usage_hours" + usage_where(filter) +
                            " AND hour >= ?5 AND hour < ?6 GROUP BY 1, 2 ORDER BY 1, 2";
    return database_.read([&](Connection& connection) -> base::Result<std::vector<SeriesPoint>> {
        auto query = connection.query(sql);
        const auto from = times.from.transform([](base::WallTime time) -> base::WallTime {
            return std::chrono::floor<std::chrono::hours>(time);
        });
        query.bind(filter.account_id, filter.key_id, filter.model, filter.provider, micros_or(from, earliest),
                   micros_or(times.until, latest));
        std::vector<SeriesPoint> points;
        while (query.step())
            points.push_back({.hour = query.time(0), .name = query.text(1), .sums = read_sums(query, 2)});
        return points;
    });
}

base::Result<ports::EventPage> SqliteUsageReports::calls(const ports::CallQuery& asked) {
    const std::size_t limit = std::clamp<std::size_t>(asked.limit, 1, largest_page);
    return database_.read([&](Connection& connection) -> base::Result<ports::EventPage> {
        CallRows rows(
            connection,
            {.filter = asked.filter, .times = asked.times, .after = asked.after, .status = asked.status});
        ports::EventPage page;
        for (std::size_t looked_at = 1; rows.step(); ++looked_at) {
            if (rows.matches()) page.events.push_back(rows.event());
            if (looked_at < asked.scan && page.events.size() < limit) continue;
            auto last = rows.place();
            if (rows.step()) page.next = std::move(last);
            break;
        }
        return page;
    });
}

base::Result<std::vector<ports::WalletDay>>
SqliteUsageReports::wallet_days(const base::AccountId& account_id,
                                std::optional<std::chrono::local_days> before, std::size_t limit) {
    return database_.read([&](Connection& connection) -> base::Result<std::vector<ports::WalletDay>> {
        auto query =
            connection.query("SELECT day, sum(wallet_micros), sum(requests) FROM usage_days WHERE account_id "
                             "= ?1 AND day < ?2 "
                             "GROUP BY day HAVING sum(wallet_micros) <> 0 ORDER BY day DESC LIMIT ?3");
        query.bind(account_id, before ? domain::to_string(*before) : std::string("~"),
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

base::Result<std::map<base::AccountId, ports::AccountSpend>> SqliteUsageReports::account_spends() {
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

} // namespace tollgate::storage::sqlite
