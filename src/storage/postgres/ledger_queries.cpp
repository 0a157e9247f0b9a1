// Reading the books. The conditions name only the filters that are there, so that the server picks the index
// of the narrowest one.
#include "storage/postgres/ledger.hpp"
#include "tollgate/domain/purse.hpp"

#include <algorithm>
#include <limits>

namespace tollgate::storage::postgres {

namespace {

using ports::GroupBy;
using ports::UsageFilter;
using std::chrono::local_days;

constexpr std::size_t largest_page = 1000;

constexpr std::string_view sums =
    "sum(requests), sum(failed), sum(input), sum(cached_input), sum(cache_write), sum(output), "
    "sum(audio_input), sum(audio_output), sum(images), sum(cost_micros)";

domain::UsageSums read_sums(const Rows& row, int first) {
    const auto count = [&row, first](int offset) {
        return static_cast<std::uint64_t>(row.integer(first + offset));
    };
    return {.requests = count(0),
            .failed = count(1),
            .input = count(2),
            .cached_input = count(3),
            .cache_write = count(4),
            .output = count(5),
            .audio_input = count(6),
            .audio_output = count(7),
            .images = count(8),
            .cost = row.money(first + 9)};
}

std::string condition(std::string_view column, int number,
                      bool is_set) { // style(bool-parameter): of an optional
    const std::string parameter = "$" + std::to_string(number);
    return is_set ? std::string(column) + " = " + parameter : parameter + "::text IS NULL";
}

/// The filter as SQL over $1 account, $2 key, $3 model, $4 provider.
std::string where(const UsageFilter& filter) {
    return " WHERE " + condition("account_id", 1, filter.account_id.has_value()) + " AND " +
           condition("key_id", 2, filter.key_id.has_value()) + " AND " +
           condition("model", 3, filter.model.has_value()) + " AND " +
           condition("provider", 4, filter.provider.has_value());
}

std::string_view column_of(GroupBy group) {
    switch (group) {
    case GroupBy::nothing: return "''";
    case GroupBy::account: return "account_id";
    case GroupBy::key: return "key_id";
    case GroupBy::model: return "model";
    case GroupBy::provider: return "provider";
    case GroupBy::day: return "day";
    }
    return "''";
}

std::string first_day(const ports::DayRange& days) {
    return days.first ? domain::to_string(*days.first) : "";
}

std::string last_day(const ports::DayRange& days) {
    return days.last ? domain::to_string(*days.last) : "~";
}

constexpr std::int64_t earliest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t latest = std::numeric_limits<std::int64_t>::max();

std::int64_t micros_or(const std::optional<base::WallTime>& time, std::int64_t otherwise) {
    return time ? time->time_since_epoch().count() : otherwise;
}

constexpr std::string_view event_columns =
    "SELECT request_id, client_request_id, key_id, account_id, day, wallet, endpoint, asked_model, provider, "
    "model, stream, status, outcome, usage_source, input, cached_input, cache_write, output, audio_input, "
    "audio_output, images, priced_requests, reasoning, cost_micros, bound_micros, currency, usd_rate, "
    "price_version, started_at, ended_at, first_byte_ms, duration_ms, client_gone, attempts, node "
    "FROM usage_events";

domain::UsageSource source_of(std::string_view text) {
    for (const auto source : {domain::UsageSource::provider, domain::UsageSource::interrupted}) {
        if (text == to_string(source)) return source;
    }
    return domain::UsageSource::estimated;
}

domain::Usage read_usage(const Rows& row) {
    const auto count = [&row](int column) { return static_cast<std::uint64_t>(row.integer(column)); };
    return {.input = count(14),
            .cached_input = count(15),
            .cache_write = count(16),
            .output = count(17),
            .audio_input = count(18),
            .audio_output = count(19),
            .images = count(20),
            .requests = count(21),
            .reasoning = count(22),
            .source = source_of(row.text(13))};
}

std::optional<std::chrono::milliseconds> read_milliseconds(const Rows& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return std::chrono::milliseconds(row.integer(column));
}

domain::UsageEvent read_event(const Rows& row) {
    return {.request_id = base::RequestId(row.text(0)),
            .client_request_id = row.text(1),
            .key_id = base::KeyId(row.text(2)),
            .account_id = base::AccountId(row.text(3)),
            .day = domain::parse_day(row.text(4)).value_or(local_days()),
            .wallet = row.integer(5) != 0 ? domain::WalletUse::charged : domain::WalletUse::none,
            .endpoint = row.text(6),
            .model = row.text(7),
            .provider = row.text(8),
            .upstream_model = row.text(9),
            .delivery = row.integer(10) != 0 ? domain::Delivery::stream : domain::Delivery::plain,
            .status = static_cast<std::uint16_t>(row.integer(11)),
            .outcome = row.text(12),
            .usage = read_usage(row),
            .cost = row.money(23),
            .bound = row.money(24),
            .currency = row.text(25),
            .usd_rate = row.text(26),
            .price_version = row.text(27),
            .started_at = row.time(28),
            .ended_at = row.time(29),
            .first_byte = read_milliseconds(row, 30),
            .duration = std::chrono::milliseconds(row.integer(31)),
            .client_end = row.integer(32) != 0 ? domain::ClientEnd::gone : domain::ClientEnd::stayed,
            .attempts = static_cast<std::uint32_t>(row.integer(33)),
            .node = row.text(34)};
}

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
    const std::string sql = "SELECT " + column + " AS name, " + std::string(sums) + " FROM usage_days" +
                            where(filter) + " AND day BETWEEN $5 AND $6 GROUP BY 1 ORDER BY " + order;
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
    const std::string sql = "SELECT hour, " + std::string(sums) + " FROM usage_hours" + where(filter) +
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
    const std::string sql = std::string(event_columns) + where(asked.filter) +
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
