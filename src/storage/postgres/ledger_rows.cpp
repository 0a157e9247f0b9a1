#include "storage/postgres/ledger_rows.hpp"

#include "tollgate/domain/purse.hpp"

namespace tollgate::storage::postgres {

const std::string_view sum_columns =
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

static std::string condition(std::string_view column, int number,
                             bool is_set) { // style(bool-parameter): of an optional
    const std::string parameter = "$" + std::to_string(number);
    return is_set ? std::string(column) + " = " + parameter : parameter + "::text IS NULL";
}

/// The filter as SQL over $1 account, $2 key, $3 model, $4 provider.
std::string usage_where(const ports::UsageFilter& filter) {
    return " WHERE " + condition("account_id", 1, filter.account_id.has_value()) + " AND " +
           condition("key_id", 2, filter.key_id.has_value()) + " AND " +
           condition("model", 3, filter.model.has_value()) + " AND " +
           condition("provider", 4, filter.provider.has_value());
}

std::string_view column_of(ports::GroupBy group) {
    switch (group) {
    case ports::GroupBy::nothing: return "''";
    case ports::GroupBy::account: return "account_id";
    case ports::GroupBy::key: return "key_id";
    case ports::GroupBy::model: return "model";
    case ports::GroupBy::provider: return "provider";
    case ports::GroupBy::day: return "day";
    }
    return "''";
}

std::string first_day(const ports::DayRange& days) {
    return days.first ? domain::to_string(*days.first) : "";
}

std::string last_day(const ports::DayRange& days) {
    return days.last ? domain::to_string(*days.last) : "~";
}

std::int64_t micros_or(const std::optional<base::WallTime>& time, std::int64_t otherwise) {
    return time ? time->time_since_epoch().count() : otherwise;
}

const std::string_view event_columns =
    "SELECT request_id, client_request_id, key_id, account_id, day, wallet, endpoint, asked_model, provider, "
    "model, stream, status, outcome, usage_source, input, cached_input, cache_write, output, audio_input, "
    "audio_output, images, priced_requests, reasoning, cost_micros, bound_micros, currency, usd_rate, "
    "price_version, started_at, ended_at, first_byte_ms, duration_ms, client_gone, attempts, node "
    "FROM usage_events";

static domain::UsageSource source_of(std::string_view text) {
    for (const auto source : {domain::UsageSource::provider, domain::UsageSource::interrupted}) {
        if (text == to_string(source)) return source;
    }
    return domain::UsageSource::estimated;
}

static domain::Usage read_usage(const Rows& row) {
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

static std::optional<std::chrono::milliseconds> read_milliseconds(const Rows& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return std::chrono::milliseconds(row.integer(column));
}

domain::UsageEvent read_event(const Rows& row) {
    return {.request_id = base::RequestId(row.text(0)),
            .client_request_id = row.text(1),
            .key_id = base::KeyId(row.text(2)),
            .account_id = base::AccountId(row.text(3)),
            .day = domain::parse_day(row.text(4)).value_or(std::chrono::local_days()),
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

} // namespace tollgate::storage::postgres
