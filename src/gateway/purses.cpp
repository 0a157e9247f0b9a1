#include "gateway/purses.hpp"

#include "tollgate/domain/period.hpp"
#include "tollgate/domain/purse.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/runtime/own_frame.hpp"

namespace tollgate::gateway {

namespace {

using base::Money;
using base::Result;
using runtime::Task;

constexpr std::chrono::seconds cap_time{1}; // a top-up, or a lot's expiry, holds within a second
constexpr std::size_t most_caps = 10'000;

std::unexpected<base::Error> unreachable() {
    return base::fail(base::Error{.code = base::ErrorCode::storage_unavailable,
                                  .source = base::ErrorSource::storage,
                                  .message = "the books cannot be read at the moment; try again",
                                  .retry_after = std::chrono::seconds(1)});
}

} // namespace

std::optional<domain::Purse> budget_of(const Principal& principal, const Tariff& tariff, base::WallTime now) {
    const domain::Policy& policy = principal.policy();
    if (!policy.budget) return std::nullopt;
    domain::Purse budget;
    budget.kind = domain::PurseKind::budget;
    budget.name =
        domain::budget_purse_name(principal.key().id, policy.budget_period, tariff.zone.day_at(now));
    budget.cap = *policy.budget;
    budget.resets_in = domain::time_to_end(policy.budget_period, tariff.zone, now);
    return budget;
}

Task<Result<domain::Purse>> Purses::wallet(const Principal& principal, base::WallTime now) {
    const auto cap = co_await wallet_cap(principal.key().account_id, now);
    if (!cap) co_return std::unexpected(cap.error());
    domain::Purse wallet;
    wallet.kind = domain::PurseKind::wallet;
    wallet.name = domain::wallet_purse_name(principal.key().account_id);
    wallet.cap = *cap;
    co_return wallet;
}

TG_OWN_FRAME Task<Result<Money>> Purses::wallet_cap(base::AccountId account, base::WallTime now) {
    const auto known = caps_.find(account);
    if (known != caps_.end() && runtime::steady_now() < known->second.good_until)
        co_return known->second.amount;
    auto ask = [this, account, now] { return ledger_.wallet(account, now); };
    const auto wallet = co_await pool_.run(worker_.loop(), std::move(ask));
    if (!wallet) co_return unreachable();
    if (caps_.size() >= most_caps) caps_.clear();
    caps_[account] = {wallet->cap, runtime::steady_now() + cap_time};
    co_return wallet->cap;
}

TG_OWN_FRAME Task<Result<void>> Purses::warm(const Principal& principal, const domain::Cold& cold,
                                             ports::QuotaStore& quota) {
    for (const std::string& name : cold.purses) {
        auto ask = [this, name] { return ledger_.purse_total(name); };
        const auto spent = co_await pool_.run(worker_.loop(), std::move(ask));
        if (!spent) co_return unreachable();
        const domain::PurseTotal total{name, *spent};
        const auto warmed = co_await quota.warm(principal.key().account_id, total, cold.epoch);
        if (!warmed) co_return warmed;
    }
    co_return Result<void>();
}

} // namespace tollgate::gateway
