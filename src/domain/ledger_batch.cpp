#include "tollgate/domain/ledger_batch.hpp"

#include <algorithm>
#include <array>
#include <functional>

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

base::WallTime hour_of(const UsageView& event) {
    return std::chrono::floor<std::chrono::hours>(event.started_at);
}

bool is_of_group(const UsageView& event, base::WallTime hour, const BucketKey& group) {
    return event.key_id == group.key_id.text() && hour == group.hour && event.day == group.day &&
           billed_model(event) == group.model && event.provider == group.provider &&
           event.account_id == group.account_id.text();
}

/// Events of one group have one hash; the account is left out, as a key has one.
std::size_t hash_of_group(const UsageView& event, base::WallTime hour) {
    const std::hash<std::string_view> of_text;
    std::size_t hash = of_text(event.key_id);
    for (const std::size_t part : {of_text(billed_model(event)), of_text(event.provider),
                                   static_cast<std::size_t>(hour.time_since_epoch().count())})
        hash = hash * 31 + part;
    return hash;
}

/// Of a day.
BucketKey group_of(const UsageView& event) {
    return {.account_id = base::AccountId(std::string(event.account_id)),
            .day = event.day,
            .key_id = base::KeyId(std::string(event.key_id)),
            .model = std::string(billed_model(event)),
            .provider = std::string(event.provider)};
}

} // namespace

void UsageSums::add(const UsageView& event) {
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

LedgerBatch::Places& LedgerBatch::places_of(const UsageView& event) {
    const base::WallTime hour = hour_of(event);
    const std::size_t hash = hash_of_group(event, hour);
    for (auto [place, end] = places_.equal_range(hash); place != end; ++place) {
        if (is_of_group(event, hour, *place->second.group)) return place->second;
    }
    return places_.emplace(hash, make_places(event, hour))->second;
}

LedgerBatch::Places LedgerBatch::make_places(const UsageView& event, base::WallTime hour) {
    BucketKey bucket = group_of(event);
    const base::KeyId key_id = bucket.key_id;
    Places places;
    places.of_day = &days[bucket];
    bucket.hour = hour;
    const auto of_hour = hours.try_emplace(std::move(bucket)).first;
    places.group = &of_hour->first;
    places.of_hour = &of_hour->second;
    places.of_key = &keys[key_id];
    places.of_key->account_id = places.group->account_id;
    places.of_account = &accounts[places.group->account_id];
    std::ranges::transform(budget_periods, places.of_purses.begin(), [&, this](BudgetPeriod period) {
        return &purses[budget_purse_name(key_id, period, event.day)];
    });
    return places;
}

void LedgerBatch::add_latency(Places& places, const UsageView& event) {
    const std::size_t bucket = latency_bucket(event.duration);
    auto& found = places.latencies[bucket];
    if (found[0] == nullptr) {
        const BucketKey all = group_of(event);
        const std::array<BucketKey, latency_groups> groups{{
            all,
            {.account_id = all.account_id, .day = all.day, .model = all.model, .provider = all.provider},
            {.account_id = all.account_id, .day = all.day},
            {.day = all.day, .model = all.model, .provider = all.provider},
            {.day = all.day},
        }};
        std::ranges::transform(groups, found.begin(), [this, bucket](const BucketKey& group) {
            return &latencies[{.group = group, .bucket = bucket}];
        });
    }
    for (LatencySum* sum : found) {
        sum->calls += 1;
        sum->total_ms += static_cast<std::uint64_t>(std::max<std::int64_t>(event.duration.count(), 0));
    }
}

void LedgerBatch::add(const UsageView& event) {
    UsageSums sums;
    sums.add(event);
    Places& places = places_of(event);
    put(places, event, sums);
    if (event.status < 400) add_latency(places, event);
    charge(places, event, {.cost = event.cost});
}

void LedgerBatch::correct(const UsageEvent& event, base::Money difference) {
    const UsageView view = view_of(event);
    Places& places = places_of(view);
    put(places, view, UsageSums{.cost = difference});
    charge(places, view, {.cost = difference, .kind = ChargeKind::correction});
}

void LedgerBatch::charge(Places& places, const UsageView& event, const WalletCharge& charge) {
    if (event.wallet != WalletUse::charged) return;
    if (places.of_wallet == nullptr)
        places.of_wallet = &wallets[base::AccountId(std::string(event.account_id))];
    places.of_wallet->push_back({.request_id = base::RequestId(std::string(event.request_id)),
                                 .cost = charge.cost,
                                 .bound = event.bound,
                                 .started_at = event.started_at,
                                 .kind = charge.kind});
}

void LedgerBatch::put(Places& places, const UsageView& event, const UsageSums& sums) {
    const base::Money charged = event.wallet == WalletUse::charged ? sums.cost : base::Money{};
    for (BucketSums* bucket : {places.of_day, places.of_hour}) {
        bucket->usage.add(sums);
        bucket->wallet += charged;
    }
    KeyTotal& key = *places.of_key;
    key.spent += sums.cost;
    key.requests += sums.requests;
    key.last_used_at = std::max(key.last_used_at, event.started_at);
    places.of_account->spent += sums.cost;
    places.of_account->requests += sums.requests;
    for (base::Money* purse : places.of_purses) *purse += sums.cost;
}

bool is_countable_cost(base::Money cost) {
    return is_sane(cost);
}

bool is_countable(const UsageView& event) {
    return !event.request_id.empty() && !event.key_id.empty() && !event.account_id.empty() &&
           is_sane(event.cost) && is_sane(event.usage);
}

} // namespace tollgate::domain
