#include "storage/memory/quota_step.hpp"

#include <algorithm>

namespace tollgate::storage {

using base::ErrorCode;
using base::Money;
using domain::Cold;
using domain::Decision;
using domain::Demand;
using domain::PurseKind;
using domain::QuotaNumbers;
using domain::Refusal;
using domain::Shortage;
using std::chrono::milliseconds;

namespace {

Money minimum_of(const Demand& demand) {
    return std::max(std::min(demand.minimum, demand.bound), Money());
}

void add_purse(QuotaNumbers& numbers, const domain::Purse& purse, const PurseNode& counters) {
    numbers.budget = purse.cap;
    numbers.spent = counters.entry.account.spent();
    numbers.reserved = counters.entry.account.reserved();
    numbers.budget_resets_in = purse.resets_in;
}

std::optional<Refusal> find_rate_refusal(QuotaStep& step) {
    const Demand& demand = step.demand;
    KeyCounters& key = step.key.entry;
    if (!key.requests.has_place(demand.rate_limit, step.now)) {
        const auto wait = key.requests.time_to_place(demand.rate_limit, step.now);
        return Refusal{.reason = ErrorCode::requests_per_minute,
                       .retry_after = wait.value_or(milliseconds(0)),
                       .numbers = count_numbers(step)};
    }
    if (demand.token_limit && !key.tokens.has_room(demand.tokens, *demand.token_limit, step.now)) {
        const auto wait = key.tokens.time_to_room(demand.tokens, *demand.token_limit, step.now);
        return Refusal{.reason = ErrorCode::tokens_per_minute,
                       .detail = wait ? "" : "call",
                       .retry_after = wait.value_or(milliseconds(0)),
                       .numbers = count_numbers(step)};
    }
    return std::nullopt;
}

std::optional<Refusal> find_concurrency_refusal(QuotaStep& step) {
    const Demand& demand = step.demand;
    const char* full = nullptr;
    if (demand.account_concurrency > 0 && step.account.entry.in_flight >= demand.account_concurrency) {
        full = "account";
    } else if (demand.key_concurrency && step.key.entry.in_flight >= *demand.key_concurrency) {
        full = "key";
    }
    if (full == nullptr) return std::nullopt;
    return Refusal{.reason = ErrorCode::concurrency, .detail = full, .numbers = count_numbers(step)};
}

std::optional<Cold> find_unknown_purses(const QuotaStep& step) {
    Cold cold;
    for (std::size_t i = 0; i < step.purses.size(); ++i) {
        if (step.purses[i] == nullptr) cold.purses.push_back(step.demand.purses[i].name);
    }
    if (cold.purses.empty()) return std::nullopt;
    return cold;
}

ErrorCode reason_of(PurseKind kind, Shortage shortage) {
    if (shortage == Shortage::reserved) return ErrorCode::budget_reserved;
    return kind == PurseKind::budget ? ErrorCode::budget_exceeded : ErrorCode::wallet_empty;
}

/// Looks at the purses of one kind; none of them is unknown.
std::optional<Refusal> find_purse_refusal(QuotaStep& step, PurseKind kind) {
    for (std::size_t i = 0; i < step.purses.size(); ++i) {
        const domain::Purse& purse = step.demand.purses[i];
        if (purse.kind != kind) continue;
        const PurseNode& counters = *step.purses[i];
        const auto shortage = counters.entry.account.find_shortage(minimum_of(step.demand), purse.cap);
        if (!shortage) continue;
        Refusal refusal{.reason = reason_of(kind, *shortage), .numbers = count_numbers(step)};
        add_purse(refusal.numbers, purse, counters);
        if (shortage == Shortage::spent) refusal.retry_after = purse.resets_in;
        return refusal;
    }
    return std::nullopt;
}

} // namespace

std::optional<Decision> find_refusal(QuotaStep& step) {
    if (auto refusal = find_rate_refusal(step)) return *std::move(refusal);
    if (auto refusal = find_concurrency_refusal(step)) return *std::move(refusal);
    if (auto cold = find_unknown_purses(step)) return *std::move(cold);
    if (auto refusal = find_purse_refusal(step, PurseKind::budget)) return *std::move(refusal);
    if (auto refusal = find_purse_refusal(step, PurseKind::wallet)) return *std::move(refusal);
    return std::nullopt;
}

Money amount_to_hold(const QuotaStep& step) {
    Money amount = std::max(step.demand.bound, Money());
    for (std::size_t i = 0; i < step.purses.size(); ++i) {
        amount = std::min(amount, step.purses[i]->entry.account.left(step.demand.purses[i].cap));
    }
    return amount;
}

QuotaNumbers count_numbers(QuotaStep& step) {
    const Demand& demand = step.demand;
    KeyCounters& key = step.key.entry;
    QuotaNumbers numbers{.requests_limit = demand.rate_limit,
                         .requests_remaining = key.requests.remaining(demand.rate_limit, step.now),
                         .requests_reset = key.requests.time_to_empty(step.now),
                         .tokens_limit = demand.token_limit};
    if (demand.token_limit) {
        numbers.tokens_remaining = key.tokens.remaining(*demand.token_limit, step.now);
        numbers.tokens_reset = key.tokens.time_to_empty(step.now);
    }
    const auto budget = std::ranges::find(demand.purses, PurseKind::budget, &domain::Purse::kind);
    if (budget != demand.purses.end()) {
        const auto index = static_cast<std::size_t>(budget - demand.purses.begin());
        if (step.purses[index] != nullptr) add_purse(numbers, *budget, *step.purses[index]);
    }
    return numbers;
}

} // namespace tollgate::storage
