#include "storage/redis/quota_step.hpp"

#include <algorithm>
#include <array>

namespace tollgate::storage::redis {

using base::ErrorCode;
using base::Money;
using domain::Decision;
using domain::Demand;
using domain::PurseKind;
using domain::QuotaNumbers;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

constexpr std::int64_t most_exact = (std::int64_t{1} << 53) - 1;

enum class Status { granted, refused, cold, stale, other_epoch, too_late, conflict };
constexpr std::uint8_t with_tokens = 16; // added to the status

// The reasons of decide.lua, in its numbering.
constexpr std::array reasons = {ErrorCode::requests_per_minute, ErrorCode::tokens_per_minute,
                                ErrorCode::concurrency,         ErrorCode::budget_exceeded,
                                ErrorCode::wallet_empty,        ErrorCode::budget_reserved};

milliseconds wait_of(std::int64_t us) {
    return std::chrono::ceil<milliseconds>(microseconds(us));
}

std::uint32_t rest_of(std::uint32_t limit, std::int64_t used) {
    return used < std::int64_t{limit} ? limit - static_cast<std::uint32_t>(used) : 0;
}

QuotaNumbers read_numbers(const Demand& demand, const DemandAnswer& answer) {
    QuotaNumbers numbers{.requests_limit = demand.rate_limit,
                         .requests_remaining = rest_of(demand.rate_limit, answer.requests),
                         .requests_reset = wait_of(answer.requests_reset_us),
                         .tokens_limit = demand.token_limit};
    if (demand.token_limit) {
        const auto used = static_cast<std::uint64_t>(std::max<std::int64_t>(answer.tokens, 0));
        numbers.tokens_remaining = used < *demand.token_limit ? *demand.token_limit - used : 0;
        numbers.tokens_reset = wait_of(answer.tokens_reset_us);
    }
    return numbers;
}

void add_purse(QuotaNumbers& numbers, const domain::Purse& purse, const DemandAnswer& answer) {
    numbers.budget = purse.cap;
    numbers.spent = Money::of_micros(answer.spent);
    numbers.reserved = Money::of_micros(answer.reserved);
    numbers.budget_resets_in = purse.resets_in;
}

const domain::Purse* find_budget(const Demand& demand) {
    const auto found = std::ranges::find(demand.purses, PurseKind::budget, &domain::Purse::kind);
    return found == demand.purses.end() ? nullptr : &*found;
}

domain::Grant read_grant(const Demand& demand, const DemandAnswer& answer) {
    domain::Grant grant{.amount = Money::of_micros(answer.amount), .numbers = read_numbers(demand, answer)};
    if (demand.purses.empty()) grant.amount = std::max(demand.bound, Money());
    if (const auto* budget = find_budget(demand)) add_purse(grant.numbers, *budget, answer);
    return grant;
}

domain::Refusal read_refusal(const Demand& demand, const DemandAnswer& answer) {
    const auto why = std::min<std::size_t>(answer.why, reasons.size() - 1);
    domain::Refusal refusal{.reason = reasons[why],
                            .retry_after = wait_of(answer.wait_us),
                            .numbers = read_numbers(demand, answer)};
    if (refusal.reason == ErrorCode::tokens_per_minute && answer.which == 1) refusal.detail = "call";
    if (refusal.reason == ErrorCode::concurrency) refusal.detail = answer.which == 1 ? "key" : "account";
    if (why >= 3 && answer.which >= 1 && answer.which <= demand.purses.size()) {
        const domain::Purse& purse = demand.purses[answer.which - 1U];
        add_purse(refusal.numbers, purse, answer);
        if (refusal.reason != ErrorCode::budget_reserved) refusal.retry_after = purse.resets_in;
    } else if (const auto* budget = find_budget(demand)) {
        add_purse(refusal.numbers, *budget, answer);
    }
    return refusal;
}

domain::Cold read_cold(const Demand& demand, const DemandAnswer& answer) {
    domain::Cold cold;
    const auto bits = static_cast<std::uint64_t>(answer.cold);
    for (std::size_t i = 0; i < demand.purses.size(); ++i) {
        if ((bits >> i & 1U) != 0) cold.purses.push_back(demand.purses[i].name);
    }
    return cold;
}

void unpack_numbers(DemandAnswer& answer, Unpacker& answers) {
    answer.requests = answers.number();
    answer.requests_reset_us = answers.number();
    answer.spent = answers.number();
    answer.reserved = answers.number();
}

} // namespace

std::int64_t script_money(Money money) {
    return std::clamp(money.micros(), -most_exact, most_exact);
}

std::int64_t script_count(std::uint64_t count) {
    return static_cast<std::int64_t>(std::min(count, static_cast<std::uint64_t>(most_exact)));
}

std::optional<OtherEpoch> find_other_epoch(const Reply& reply) {
    const bool is_other = reply.kind == Reply::Kind::array && !reply.elements.empty() &&
                          reply.elements[0].kind == Reply::Kind::integer &&
                          reply.number(0) == static_cast<std::int64_t>(Status::other_epoch);
    if (!is_other) return std::nullopt;
    return OtherEpoch{static_cast<std::uint64_t>(reply.number(1))};
}

DemandAnswer unpack_answer(Unpacker& answers) {
    DemandAnswer answer{.status = answers.byte()};
    const bool has_tokens = answer.status >= with_tokens;
    if (has_tokens) answer.status -= with_tokens;
    const auto status = static_cast<Status>(answer.status);
    if (status == Status::granted) {
        answer.amount = answers.number();
        unpack_numbers(answer, answers);
    } else if (status == Status::refused) {
        answer.why = answers.byte();
        answer.which = answers.byte();
        answer.wait_us = answers.number();
        unpack_numbers(answer, answers);
    } else if (status == Status::cold) {
        answer.cold = answers.number();
    }
    if (has_tokens) {
        answer.tokens = answers.number();
        answer.tokens_reset_us = answers.number();
    }
    return answer;
}

StepAnswer read_answer(const Demand& demand, const DemandAnswer& answer) {
    switch (static_cast<Status>(answer.status)) {
    case Status::granted: return Decision(read_grant(demand, answer));
    case Status::refused: return Decision(read_refusal(demand, answer));
    case Status::cold: return Decision(read_cold(demand, answer));
    case Status::stale: return Decision(domain::Stale{});
    case Status::too_late: return TooLate{};
    case Status::conflict: return Conflict{};
    case Status::other_epoch: break;
    }
    return NotDone{"an answer that makes no sense"};
}

} // namespace tollgate::storage::redis
