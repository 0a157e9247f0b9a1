#include "storage/sqlite/ledger_rows.hpp"

#include "tollgate/domain/purse.hpp"

namespace tollgate::storage::sqlite {

domain::UsageSums read_sums(const Query& row, int first) {
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

std::string usage_where(const ports::UsageFilter& filter) {
    std::string text = " WHERE ";
    text += filter.key_id ? "key_id = ?2" : "?2 IS NULL";
    text += filter.account_id ? " AND account_id = ?1" : " AND ?1 IS NULL";
    return text + " AND (?3 IS NULL OR model = ?3) AND (?4 IS NULL OR provider = ?4)";
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
    "SELECT c.request_id, c.client_request_id, k.key_id, k.account_id, c.day, n.wallet, n.endpoint, "
    "n.asked_model, n.provider, n.model, n.stream, n.status, n.outcome, n.usage_source, c.input, "
    "c.cached_input, c.cache_write, c.output, c.audio_input, c.audio_output, c.images, n.priced_requests, "
    "c.reasoning, c.cost_micros, c.bound_micros, n.currency, n.usd_rate, n.price_version, c.started_at, "
    "c.started_at + c.lasted_micros, c.first_byte_ms, c.duration_ms, n.client_gone, n.attempts, n.node "
    "FROM usage_calls AS c LEFT JOIN usage_keys AS k ON k.number = c.key "
    "LEFT JOIN usage_kinds AS n ON n.number = c.kind";

static domain::UsageSource source_of(std::string_view text) {
    for (const auto source : {domain::UsageSource::provider, domain::UsageSource::interrupted}) {
        if (text == to_string(source)) return source;
    }
    return domain::UsageSource::estimated;
}

static domain::Usage read_usage(const Query& row) {
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

static std::optional<std::chrono::milliseconds> read_milliseconds(const Query& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return std::chrono::milliseconds(row.integer(column));
}

domain::UsageEvent read_event(const Query& row) {
    return {.request_id = base::RequestId(row.call_id(0)),
            .client_request_id = row.call_id(1),
            .key_id = base::KeyId(row.text(2)),
            .account_id = base::AccountId(row.text(3)),
            .day = std::chrono::local_days(std::chrono::days(row.integer(4))),
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

} // namespace tollgate::storage::sqlite
