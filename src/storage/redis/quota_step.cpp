#include "storage/redis/quota_step.hpp"

#include "storage/redis/keyspace.hpp"
#include "storage/redis/scripts.hpp"

#include <algorithm>

namespace tollgate::storage::redis {

using base::ErrorCode;
using base::Money;
using base::Result;
using domain::Demand;
using domain::PurseKind;
using domain::QuotaNumbers;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

constexpr std::int64_t most_exact = (std::int64_t{1} << 53) - 1;

enum class Status { granted, refused, cold, stale, other_epoch, too_late, conflict };

// The reasons of reserve.lua, in its numbering.
constexpr std::array reasons = {ErrorCode::requests_per_minute, ErrorCode::tokens_per_minute,
                                ErrorCode::concurrency,         ErrorCode::budget_exceeded,
                                ErrorCode::wallet_empty,        ErrorCode::budget_reserved};

std::int64_t whole(std::uint64_t number) {
    return static_cast<std::int64_t>(std::min(number, static_cast<std::uint64_t>(most_exact)));
}

milliseconds wait_of(std::int64_t us) {
    return std::chrono::ceil<milliseconds>(microseconds(us));
}

std::uint32_t rest_of(std::uint32_t limit, std::int64_t used) {
    return used < std::int64_t{limit} ? limit - static_cast<std::uint32_t>(used) : 0;
}

/// The six figures at `index` and what the demand itself says.
QuotaNumbers read_numbers(const Demand& demand, const Reply& reply, std::size_t index) {
    QuotaNumbers numbers{.requests_limit = demand.rate_limit,
                         .requests_remaining = rest_of(demand.rate_limit, reply.number(index)),
                         .requests_reset = wait_of(reply.number(index + 1)),
                         .tokens_limit = demand.token_limit};
    if (demand.token_limit) {
        const auto used = static_cast<std::uint64_t>(std::max<std::int64_t>(reply.number(index + 2), 0));
        numbers.tokens_remaining = used < *demand.token_limit ? *demand.token_limit - used : 0;
        numbers.tokens_reset = wait_of(reply.number(index + 3));
    }
    return numbers;
}

void add_purse(QuotaNumbers& numbers, const domain::Purse& purse, const Reply& reply, std::size_t index) {
    numbers.budget = purse.cap;
    numbers.spent = Money::of_micros(reply.number(index));
    numbers.reserved = Money::of_micros(reply.number(index + 1));
    numbers.budget_resets_in = purse.resets_in;
}

const domain::Purse* find_budget(const Demand& demand) {
    const auto found = std::ranges::find(demand.purses, PurseKind::budget, &domain::Purse::kind);
    return found == demand.purses.end() ? nullptr : &*found;
}

domain::Grant read_grant(const Demand& demand, const Reply& reply) {
    domain::Grant grant{.amount = Money::of_micros(reply.number(1)),
                        .numbers = read_numbers(demand, reply, 2)};
    if (demand.purses.empty()) grant.amount = std::max(demand.bound, Money());
    if (const auto* budget = find_budget(demand)) add_purse(grant.numbers, *budget, reply, 6);
    return grant;
}

domain::Refusal read_refusal(const Demand& demand, const Reply& reply) {
    const auto why = static_cast<std::size_t>(std::clamp<std::int64_t>(reply.number(1), 0, 5));
    const auto which = reply.number(2);
    domain::Refusal refusal{.reason = reasons[why],
                            .retry_after = wait_of(reply.number(3)),
                            .numbers = read_numbers(demand, reply, 4)};
    if (refusal.reason == ErrorCode::tokens_per_minute && which == 1) refusal.detail = "call";
    if (refusal.reason == ErrorCode::concurrency) refusal.detail = which == 1 ? "key" : "account";
    if (why >= 3 && which >= 1 && static_cast<std::size_t>(which) <= demand.purses.size()) {
        const domain::Purse& purse = demand.purses[static_cast<std::size_t>(which) - 1];
        add_purse(refusal.numbers, purse, reply, 8);
        if (refusal.reason != ErrorCode::budget_reserved) refusal.retry_after = purse.resets_in;
    } else if (const auto* budget = find_budget(demand)) {
        add_purse(refusal.numbers, *budget, reply, 8);
    }
    return refusal;
}

domain::Cold read_cold(const Demand& demand, const Reply& reply) {
    domain::Cold cold;
    for (std::size_t i = 1; i < reply.elements.size(); ++i) {
        const auto index = static_cast<std::size_t>(reply.number(i) - 1);
        if (index < demand.purses.size()) cold.purses.push_back(demand.purses[index].name);
    }
    return cold;
}

} // namespace

std::int64_t script_money(Money money) {
    return std::clamp(money.micros(), -most_exact, most_exact);
}

Question ask_reserve(const Demand& demand, std::uint64_t epoch, StepTime time) {
    const Money bound = std::max(demand.bound, Money());
    const Money least = std::max(std::min(demand.minimum, demand.bound), Money());
    Numbers numbers{whole(epoch),
                    time.now_us,
                    time.latest_us,
                    whole(demand.generation),
                    demand.rate_limit,
                    demand.token_limit ? whole(*demand.token_limit) : -1,
                    whole(demand.tokens),
                    demand.account_concurrency,
                    demand.key_concurrency ? std::int64_t{*demand.key_concurrency} : -1,
                    script_money(bound),
                    script_money(least),
                    std::chrono::microseconds(demand.lease).count(),
                    demand.is_just_read ? 1 : 0};
    for (const domain::Purse& purse : demand.purses) {
        numbers.add(purse.kind == PurseKind::wallet ? 1 : 0).add(script_money(purse.cap));
    }
    const Script& script = quota_scripts().reserve;
    std::string key = quota_key(demand.account_id);
    Command command = script.command({key, window_key(demand.account_id, demand.key_id)});
    command.add(numbers.bytes()).add(request_field(demand.id)).add(key_field(demand.key_id));
    for (const domain::Purse& purse : demand.purses) command.add(purse_field(purse.name));
    return Question{.key = std::move(key), .command = std::move(command), .script = &script};
}

std::optional<OtherEpoch> find_other_epoch(const Reply& reply) {
    const bool is_other = reply.kind == Reply::Kind::array && !reply.elements.empty() &&
                          reply.elements[0].kind == Reply::Kind::integer &&
                          reply.number(0) == static_cast<std::int64_t>(Status::other_epoch);
    if (!is_other) return std::nullopt;
    return OtherEpoch{static_cast<std::uint64_t>(reply.number(1))};
}

Result<StepAnswer> read_reserve(const Demand& demand, const Reply& reply) {
    if (reply.kind != Reply::Kind::array || reply.elements.empty()) {
        return base::fail(ErrorCode::storage_unavailable, base::ErrorSource::storage,
                          "Redis did not carry the step out: " + reply.text);
    }
    switch (static_cast<Status>(reply.number(0))) {
    case Status::granted: return StepAnswer(domain::Decision(read_grant(demand, reply)));
    case Status::refused: return StepAnswer(domain::Decision(read_refusal(demand, reply)));
    case Status::cold: return StepAnswer(domain::Decision(read_cold(demand, reply)));
    case Status::stale: return StepAnswer(domain::Decision(domain::Stale{}));
    case Status::other_epoch: return StepAnswer(*find_other_epoch(reply));
    case Status::too_late: return StepAnswer(TooLate{});
    case Status::conflict: break;
    }
    return base::fail(ErrorCode::conflict, base::ErrorSource::internal,
                      "a reservation with this id belongs to another key");
}

} // namespace tollgate::storage::redis
