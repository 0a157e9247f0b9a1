#include "storage/redis/local_quota.hpp"

#include <algorithm>

namespace tollgate::storage::redis {

using base::ErrorCode;
using base::Money;
using base::Result;
using domain::Decision;
using domain::Demand;
using runtime::Task;

namespace {

std::uint32_t share(std::uint32_t limit, std::uint32_t nodes) {
    return limit == 0 ? 0 : std::max<std::uint32_t>(limit / nodes, 1);
}

domain::QuotaNumbers* numbers_of(Decision& decision) {
    if (auto* grant = std::get_if<domain::Grant>(&decision)) return &grant->numbers;
    if (auto* refusal = std::get_if<domain::Refusal>(&decision)) return &refusal->numbers;
    return nullptr;
}

} // namespace

Task<Result<Decision>> LocalQuota::reserve(Demand demand) {
    if (!demand.purses.empty() && !(state_.is_local() && state_.is_complete())) {
        co_return base::fail(base::Error{.code = ErrorCode::storage_unavailable,
                                         .source = base::ErrorSource::storage,
                                         .message = "budgets cannot be checked at the moment; try again",
                                         .retry_after = std::chrono::seconds(1)});
    }
    domain::Cold cold;
    for (const domain::Purse& purse : demand.purses) {
        if (!totals_.contains(purse.name)) cold.purses.push_back(purse.name);
    }
    if (!cold.purses.empty()) co_return Decision(std::move(cold));
    ++state_.status.local_steps;
    Demand mine = share_of(demand);
    auto decision = co_await ask_store(std::move(mine));
    if (decision) tell_whole(*decision, demand);
    co_return decision;
}

/// The store knows nothing of this epoch's purses at first: they begin with nothing spent, because the share
/// was made of what was left.
Task<Result<Decision>> LocalQuota::ask_store(Demand demand) {
    auto decision = co_await store_.reserve(demand);
    if (!decision || !std::holds_alternative<domain::Cold>(*decision)) co_return decision;
    for (const domain::Purse& purse : demand.purses) {
        const domain::PurseTotal nothing{purse.name, Money()};
        const auto warmed = co_await store_.warm(demand.account_id, nothing, 0);
        if (!warmed) co_return std::unexpected(warmed.error());
    }
    co_return co_await store_.reserve(demand);
}

Task<Result<Money>> LocalQuota::extend(base::RequestId id, Money more) {
    co_return co_await store_.extend(id, more);
}

void LocalQuota::warm(const domain::PurseTotal& total) {
    totals_[total.name] = total.spent;
}

/// What all nodes held when the epoch began is out of everybody's reach: it may all be spent.
Money LocalQuota::held_by_all(const std::string& purse) const {
    if (!state_.view.holdings) return {};
    const auto found = state_.view.holdings->find(purse);
    return found == state_.view.holdings->end() ? Money() : found->second;
}

Demand LocalQuota::share_of(const Demand& demand) const {
    const std::uint32_t nodes = std::max<std::uint32_t>(state_.view.nodes, 1);
    Demand mine = demand;
    mine.rate_limit = share(demand.rate_limit, nodes);
    if (demand.token_limit) mine.token_limit = std::max<std::uint64_t>(*demand.token_limit / nodes, 1);
    mine.account_concurrency = share(demand.account_concurrency, nodes);
    if (demand.key_concurrency) mine.key_concurrency = share(*demand.key_concurrency, nodes);
    for (domain::Purse& purse : mine.purses) {
        const Money left = purse.cap - totals_.at(purse.name) - held_by_all(purse.name);
        purse.cap = Money::of_micros(std::max<std::int64_t>(left.micros(), 0) / nodes);
        purse.name = std::to_string(state_.view.epoch) + ":" + purse.name;
    }
    return mine;
}

/// The caller reads the figures of the whole, not of this node's share; and money that other nodes may still
/// spend is set aside, not gone.
void LocalQuota::tell_whole(Decision& decision, const Demand& demand) const {
    domain::QuotaNumbers* numbers = numbers_of(decision);
    if (numbers == nullptr || !numbers->budget) return;
    const auto purse = std::ranges::find(demand.purses, domain::PurseKind::budget, &domain::Purse::kind);
    if (purse == demand.purses.end()) return;
    const Money total = totals_.at(purse->name);
    numbers->budget = purse->cap;
    numbers->spent += total;
    numbers->reserved += held_by_all(purse->name);
    auto* refusal = std::get_if<domain::Refusal>(&decision);
    if (refusal == nullptr || refusal->reason == ErrorCode::budget_reserved) return;
    const bool is_gone = total + demand.minimum > purse->cap;
    const bool is_money =
        refusal->reason == ErrorCode::budget_exceeded || refusal->reason == ErrorCode::wallet_empty;
    if (is_money && !is_gone) refusal->reason = ErrorCode::budget_reserved;
}

} // namespace tollgate::storage::redis
