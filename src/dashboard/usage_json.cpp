#include "dashboard/usage_json.hpp"

#include "tollgate/domain/purse.hpp"

namespace tollgate::dashboard {

namespace {

constexpr std::chrono::days usual_days{30};

Json to_json(const domain::LatencySums& sums) {
    return {{"count", sums.calls()},
            {"mean_ms", or_null(sums.mean_ms())},
            {"p50_ms", or_null(sums.percentile_ms(500))},
            {"p95_ms", or_null(sums.percentile_ms(950))},
            {"p99_ms", or_null(sums.percentile_ms(990))}};
}

} // namespace

Json to_json(const ports::UsageSums& sums, const domain::LatencySums* latency) {
    return {{"requests", sums.requests},
            {"failed", sums.failed},
            {"input", sums.input},
            {"cached_input", sums.cached_input},
            {"cache_write", sums.cache_write},
            {"output", sums.output},
            {"audio_input", sums.audio_input},
            {"audio_output", sums.audio_output},
            {"images", sums.images},
            {"cost", to_json(sums.cost)},
            {"latency", to_json(latency != nullptr ? *latency : domain::LatencySums{})}};
}

Json to_json(const domain::UsageEvent& event) {
    const domain::Usage& usage = event.usage;
    return {{"request_id", event.request_id.text()},
            {"client_request_id", event.client_request_id},
            {"started_at", to_json(event.started_at)},
            {"ended_at", to_json(event.ended_at)},
            {"day", domain::to_string(event.day)},
            {"account_id", event.account_id.text()},
            {"key_id", event.key_id.text()},
            {"endpoint", event.endpoint},
            {"asked_model", event.model},
            {"provider", event.provider},
            {"model", event.upstream_model},
            {"stream", event.delivery == domain::Delivery::stream},
            {"status", event.status},
            {"outcome", event.outcome},
            {"usage_source", domain::to_string(usage.source)},
            {"input", usage.input},
            {"cached_input", usage.cached_input},
            {"cache_write", usage.cache_write},
            {"output", usage.output},
            {"audio_input", usage.audio_input},
            {"audio_output", usage.audio_output},
            {"images", usage.images},
            {"reasoning", usage.reasoning},
            {"cost", to_json(event.cost)},
            {"currency", event.currency},
            {"usd_rate", event.usd_rate},
            {"price_version", event.price_version},
            {"first_byte_ms", event.first_byte ? Json(event.first_byte->count()) : Json()},
            {"duration_ms", event.duration.count()},
            {"client_gone", event.client_end == domain::ClientEnd::gone},
            {"attempts", event.attempts},
            {"node", event.node}};
}

base::Result<UsageScope> read_scope(Call& call, std::int64_t most_days) {
    UsageScope scope;
    const auto account = account_in_question(call);
    if (!account) return base::fail(account.error());
    scope.filter.account_id = *account;
    if (const auto key = call.query.text("key_id")) scope.filter.key_id = base::KeyId(*key);
    scope.filter.model = call.query.text("model");
    scope.filter.provider = call.query.text("provider");
    scope.last = call.query.day("to").value_or(call.parts.settings.zone.day_at(call.now));
    scope.first = call.query.day("from").value_or(scope.last - usual_days + std::chrono::days(1));
    if (scope.first > scope.last) call.query.complain("from", "must not be after `to`");
    if ((scope.last - scope.first).count() >= most_days)
        call.query.complain("from", "asks for more than " + std::to_string(most_days) + " days");
    return scope;
}

ports::TimeRange times_of(const UsageScope& scope, const base::TimeZone& zone) {
    return {.from = zone.start_of(scope.first), .until = zone.start_of(scope.last + std::chrono::days(1))};
}

} // namespace tollgate::dashboard
