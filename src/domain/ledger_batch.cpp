#include "tollgate/domain/ledger_batch.hpp"

#include "tollgate/domain/latency.hpp"
#include "tollgate/domain/purse.hpp"

#include <algorithm>
#include <array>

namespace tollgate::domain {

namespace {

constexpr std::uint64_t largest_figure = 1'000'000'000'000'000;

bool is_sane(base::Money money) {
    return !money.is_negative() && money <= base::Money::of_micros(static_cast<std::int64_t>(largest_figure));
}

bool is_sane(const Usage& usage) {
    const std::array figures = {usage.input,  usage.cached_input, usage.cache_write,
                                usage.output, usage.audio_input,  usage.audio_output,
                                usage.images, usage.requests,     usage.reasoning};
    return std::ranges::all_of(figures, [](std::uint64_t figure) { return figure <= largest_figure; });
}

} // namespace

void UsageSums::add(const UsageEvent& event) {
    requests += 1;
    failed += event.status >= 400 ? 1 : 0;
    input += event.usage.input;
    cached_input += event.usage.cached_input;
    cache_write += event.usage.cache_write;
    output += event.usage.output;
    audio_input += event.usage.audio_input;
    audio_output += event.usage.audio_output;
    images += event.usage.images;
    cost += event.cost;
}

void UsageSums::add(const UsageSums& other) {
    requests += other.requests;
    failed += other.failed;
    input += other.input;
    cached_input += other.cached_input;
    cache_write += other.cache_write;
    output += other.output;
    audio_input += other.audio_input;
    audio_output += other.audio_output;
    images += other.images;
    cost += other.cost;
}

void LedgerBatch::add_latency(const UsageEvent& event) {
    const BucketKey totals[] = {
        {.account_id = event.account_id,
         .day = event.day,
         .key_id = event.key_id,
         .model = billed_model(event),
         .provider = event.provider},
        {.account_id = event.account_id,
         .day = event.day,
         .model = billed_model(event),
         .provider = event.provider},
        {.account_id = event.account_id, .day = event.day},
        {.day = event.day, .model = billed_model(event), .provider = event.provider},
        {.day = event.day},
    };
    for (const BucketKey& total : totals) {
        LatencySum& sum = latencies[{.group = total, .bucket = latency_bucket(event.duration)}];
        sum.calls += 1;
        sum.total_ms += static_cast<std::uint64_t>(std::max<std::int64_t>(event.duration.count(), 0));
    }
}

void LedgerBatch::add(const UsageEvent& event) {
    UsageSums sums;
    sums.add(event);
    put(event, sums);
    if (event.status < 400) add_latency(event);
    if (event.wallet != WalletUse::charged) return;
    wallets[event.account_id].push_back({.request_id = event.request_id,
                                         .cost = event.cost,
                                         .bound = event.bound,
                                         .started_at = event.started_at});
}

void LedgerBatch::correct(const UsageEvent& event, base::Money difference) {
    put(event, UsageSums{.cost = difference});
    if (event.wallet != WalletUse::charged) return;
    wallets[event.account_id].push_back({.request_id = event.request_id,
                                         .cost = difference,
                                         .bound = event.bound,
                                         .started_at = event.started_at,
                                         .kind = ChargeKind::correction});
}

void LedgerBatch::put(const UsageEvent& event, const UsageSums& sums) {
    BucketKey bucket{.account_id = event.account_id,
                     .day = event.day,
                     .key_id = event.key_id,
                     .model = billed_model(event),
                     .provider = event.provider};
    const base::Money charged = event.wallet == WalletUse::charged ? sums.cost : base::Money{};
    BucketSums& of_day = days[bucket];
    of_day.usage.add(sums);
    of_day.wallet += charged;
    bucket.hour = std::chrono::floor<std::chrono::hours>(event.started_at);
    BucketSums& of_hour = hours[std::move(bucket)];
    of_hour.usage.add(sums);
    of_hour.wallet += charged;

    KeyTotal& key = keys[event.key_id];
    key.account_id = event.account_id;
    key.spent += sums.cost;
    key.requests += sums.requests;
    key.last_used_at = std::max(key.last_used_at, event.started_at);
    AccountTotal& account = accounts[event.account_id];
    account.spent += sums.cost;
    account.requests += sums.requests;
    for (const BudgetPeriod period : budget_periods) {
        purses[budget_purse_name(event.key_id, period, event.day)] += sums.cost;
    }
}

bool is_countable_cost(base::Money cost) {
    return is_sane(cost);
}

bool is_countable(const UsageEvent& event) {
    return !event.request_id.empty() && !event.key_id.empty() && !event.account_id.empty() &&
           is_sane(event.cost) && is_sane(event.usage);
}

const std::string& billed_model(const UsageEvent& event) {
    return event.upstream_model.empty() ? event.model : event.upstream_model;
}

} // namespace tollgate::domain
