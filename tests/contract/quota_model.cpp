#include "contract/quota_model.hpp"

#include <algorithm>
#include <sstream>

namespace tollgate::tests {

using namespace std::chrono_literals;
using base::ErrorCode;
using base::Money;
using base::RequestId;
using base::SteadyTime;
using domain::Decision;
using domain::Demand;
using domain::Grant;
using domain::Purse;
using domain::PurseKind;
using domain::QuotaNumbers;
using domain::Refusal;
using std::chrono::milliseconds;

namespace {

milliseconds until_gone(const Demand& demand, SteadyTime now) {
    return std::chrono::ceil<milliseconds>(demand.now + 60s - now);
}

} // namespace

void QuotaModel::advance(SteadyTime now) {
    now_ = now;
    for (Call& call : calls_) {
        if (call.demand.now + call.demand.lease <= now) call.is_open = false;
    }
}

Decision QuotaModel::reserve(const Demand& demand) {
    if (const Call* known = find(demand.id))
        return Grant{.amount = known->granted, .numbers = numbers(demand)};
    for (const Purse& purse : demand.purses) caps_[purse.name] = purse.cap;
    if (auto refusal = find_refusal(demand)) {
        ++refusals_[refusal->reason];
        return *std::move(refusal);
    }
    Money amount = demand.bound;
    for (const Purse& purse : demand.purses) amount = std::min(amount, left(purse.name));
    calls_.push_back(Call{.demand = demand, .granted = amount, .held = amount, .is_open = true});
    return Grant{.amount = amount, .numbers = numbers(demand)};
}

Money QuotaModel::extend(const RequestId& id, Money more) {
    Call* call = find(id);
    if (call == nullptr || !call->is_open) return Money();
    for (const Purse& purse : call->demand.purses) more = std::min(more, left(purse.name));
    call->held += more;
    return more;
}

void QuotaModel::settle(const RequestId& id, Money cost) {
    Call* call = find(id);
    if (call == nullptr || call->is_settled) return;
    call->is_open = false;
    call->is_settled = true;
    call->demand.tokens = 0; // the histories settle without tokens
    for (const Purse& purse : call->demand.purses) spent_[purse.name] += cost;
}

bool QuotaModel::keeps_every_cap() const {
    return std::ranges::all_of(caps_, [&](const auto& cap) {
        const auto spent = spent_.find(cap.first);
        return (spent == spent_.end() ? Money() : spent->second) + held(cap.first) <= cap.second;
    });
}

std::vector<QuotaModel::Call> QuotaModel::unsettled() const {
    std::vector<Call> result;
    std::ranges::copy_if(calls_, std::back_inserter(result),
                         [](const Call& call) { return !call.is_settled; });
    return result;
}

std::vector<Demand> QuotaModel::counting(const base::KeyId& key) const {
    std::vector<Demand> result;
    for (const Call& call : calls_) {
        if (call.demand.key_id == key && call.demand.now + 60s > now_) result.push_back(call.demand);
    }
    return result;
}

std::optional<Refusal> QuotaModel::find_refusal(const Demand& demand) const {
    const std::vector<Demand> before = counting(demand.key_id);
    const QuotaNumbers seen = numbers(demand);
    if (before.size() >= demand.rate_limit) {
        const Demand& last_to_leave = before[before.size() - demand.rate_limit];
        const auto wait = until_gone(last_to_leave, now_);
        return Refusal{.reason = ErrorCode::requests_per_minute, .retry_after = wait, .numbers = seen};
    }
    std::uint64_t tokens = demand.tokens;
    for (const Demand& earlier : before) tokens += earlier.tokens;
    for (const Demand& earlier : before) {
        if (tokens <= *demand.token_limit) break;
        tokens -= earlier.tokens;
        if (tokens > *demand.token_limit) continue;
        const auto wait = until_gone(earlier, now_);
        return Refusal{.reason = ErrorCode::tokens_per_minute, .retry_after = wait, .numbers = seen};
    }
    if (std::ranges::count(calls_, true, &Call::is_open) >= demand.account_concurrency) {
        return Refusal{.reason = ErrorCode::concurrency, .detail = "account", .numbers = seen};
    }
    return find_short_purse(demand);
}

std::optional<Refusal> QuotaModel::find_short_purse(const Demand& demand) const {
    for (const Purse& purse : demand.purses) {
        if (left(purse.name) >= demand.minimum) continue;
        QuotaNumbers seen = numbers(demand);
        const auto spent = spent_.find(purse.name);
        seen.budget = purse.cap;
        seen.spent = spent == spent_.end() ? Money() : spent->second;
        seen.reserved = held(purse.name);
        const bool is_spent = seen.spent + demand.minimum > purse.cap;
        const auto over =
            purse.kind == PurseKind::budget ? ErrorCode::budget_exceeded : ErrorCode::wallet_empty;
        return Refusal{.reason = is_spent ? over : ErrorCode::budget_reserved, .numbers = seen};
    }
    return std::nullopt;
}

QuotaNumbers QuotaModel::numbers(const Demand& demand) const {
    QuotaNumbers numbers{.requests_limit = demand.rate_limit,
                         .requests_remaining = demand.rate_limit,
                         .tokens_limit = demand.token_limit,
                         .tokens_remaining = *demand.token_limit};
    for (const Demand& counted : counting(demand.key_id)) {
        numbers.requests_remaining -= 1;
        numbers.tokens_remaining -= counted.tokens;
        numbers.requests_reset = numbers.tokens_reset = until_gone(counted, now_);
    }
    const Purse& budget = demand.purses.front();
    const auto spent = spent_.find(budget.name);
    numbers.budget = budget.cap;
    numbers.spent = spent == spent_.end() ? Money() : spent->second;
    numbers.reserved = held(budget.name);
    return numbers;
}

Money QuotaModel::left(const std::string& purse) const {
    const auto spent = spent_.find(purse);
    const Money used = held(purse) + (spent == spent_.end() ? Money() : spent->second);
    return std::max(caps_.at(purse) - used, Money());
}

Money QuotaModel::held(const std::string& purse) const {
    Money sum;
    for (const Call& call : calls_) {
        const auto& purses = call.demand.purses;
        const bool has_it = std::ranges::find(purses, purse, &Purse::name) != purses.end();
        if (call.is_open && has_it) sum += call.held;
    }
    return sum;
}

QuotaModel::Call* QuotaModel::find(const RequestId& id) {
    const auto place = std::ranges::find(calls_, id, [](const Call& call) { return call.demand.id; });
    return place == calls_.end() ? nullptr : &*place;
}

std::vector<Purse> QuotaHistory::purses() const {
    const auto money = [](std::int64_t micros) { return Money::of_micros(micros); };
    return {Purse{.kind = PurseKind::budget, .name = "budget_a_" + name_, .cap = money(60'000)},
            Purse{.kind = PurseKind::budget, .name = "budget_b_" + name_, .cap = money(90'000)},
            Purse{.kind = PurseKind::wallet, .name = "wallet_" + name_, .cap = money(120'000)}};
}

QuotaEvent QuotaHistory::next(const QuotaModel& model) {
    const auto unsettled = model.unsettled();
    if (!unsettled.empty() && up_to(99) < 55) {
        return end_or_extend(unsettled[static_cast<std::size_t>(up_to(std::ssize(unsettled) - 1))]);
    }
    now_ += std::chrono::microseconds(up_to(1'500'000));
    QuotaEvent event{.kind = QuotaEvent::Kind::reserve, .demand = next_demand(), .now = now_};
    const bool is_repeat = !unsettled.empty() && unsettled.back().is_open && up_to(9) == 0;
    if (is_repeat && unsettled.back().demand.now + unsettled.back().demand.lease > now_) {
        event.demand = unsettled.back().demand;
        event.demand.now = now_;
    }
    return event;
}

/// Extends at the instant of the last event, because extend() knows none of its own.
QuotaEvent QuotaHistory::end_or_extend(const QuotaModel::Call& call) {
    QuotaEvent event{.kind = QuotaEvent::Kind::extend, .demand = {.id = call.demand.id}, .now = now_};
    if (up_to(1) == 0) {
        event.amount = Money::of_micros(up_to(500));
        return event;
    }
    event.kind = QuotaEvent::Kind::settle;
    event.now = now_ += std::chrono::microseconds(up_to(1'000'000));
    const bool is_late = !call.is_open || call.demand.now + call.demand.lease <= now_;
    if (!is_late || late_ == LateCosts::some) event.amount = Money::of_micros(up_to(call.held.micros() / 20));
    return event;
}

Demand QuotaHistory::next_demand() {
    const bool first_key = up_to(1) == 0;
    const std::string key = (first_key ? "key_a_" : "key_b_") + name_;
    auto all = purses();
    Demand demand{.id = RequestId("call_" + name_ + "_" + std::to_string(++calls_)),
                  .key_id = base::KeyId(key),
                  .account_id = account(),
                  .generation = 1,
                  .is_just_read = true,
                  .rate_limit = 20,
                  .token_limit = 4'000,
                  .tokens = static_cast<std::uint64_t>(up_to(1'200)),
                  .account_concurrency = 6,
                  .purses = {first_key ? all[0] : all[1], all[2]},
                  .lease = std::chrono::seconds(up_to(40) + 1),
                  .now = now_};
    demand.bound = Money::of_micros(up_to(30'000));
    demand.minimum = Money::of_micros(up_to(demand.bound.micros()));
    return demand;
}

std::int64_t QuotaHistory::up_to(std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(0, most)(random_);
}

std::string describe(const Decision& decision) {
    const auto tell = [](std::ostringstream& out, const QuotaNumbers& numbers) {
        out << " requests " << numbers.requests_remaining << "/" << numbers.requests_limit << " "
            << numbers.requests_reset.count() << "ms tokens " << numbers.tokens_remaining << "/"
            << numbers.tokens_limit.value_or(0) << " " << numbers.tokens_reset.count() << "ms money "
            << numbers.spent.micros() << "+" << numbers.reserved.micros() << "/"
            << numbers.budget.value_or(Money()).micros();
    };
    std::ostringstream out;
    if (const auto* grant = std::get_if<Grant>(&decision)) {
        out << "grant " << grant->amount.micros();
        tell(out, grant->numbers);
    } else if (const auto* refusal = std::get_if<Refusal>(&decision)) {
        out << to_string(refusal->reason) << " " << refusal->detail << " " << refusal->retry_after.count();
        tell(out, refusal->numbers);
    } else {
        out << (std::holds_alternative<domain::Cold>(decision) ? "cold" : "stale");
    }
    return out.str();
}

} // namespace tollgate::tests
