// The purses that a call draws on: the key's budget in the running period, the account's wallet. Totals and
// caps come from the ledger, on the blocking pool. One per worker.
#pragma once

#include "gateway/principal.hpp"
#include "tollgate/domain/quota.hpp"
#include "tollgate/gateway/tariff.hpp"
#include "tollgate/ports/ledger.hpp"
#include "tollgate/ports/quota_store.hpp"
#include "tollgate/runtime/blocking_pool.hpp"
#include "tollgate/runtime/worker.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>

namespace tollgate::gateway {

/// The key's budget in the running period, if it has one.
std::optional<domain::Purse> budget_of(const Principal& principal, const Tariff& tariff, base::WallTime now);

class Purses {
public:
    Purses(runtime::Worker& worker, runtime::BlockingPool& pool, ports::Ledger& ledger)
        : worker_(worker), pool_(pool), ledger_(ledger) {}

    /// The account's wallet. Error: storage_unavailable, its balance cannot be read.
    runtime::Task<base::Result<domain::Purse>> wallet(const Principal& principal, base::WallTime now);

    /// Teaches the quota store the totals of purses that it does not know.
    runtime::Task<base::Result<void>> warm(const Principal& principal, const domain::Cold& cold,
                                           ports::QuotaStore& quota);

private:
    struct Cap {
        base::Money amount{};
        base::SteadyTime good_until{};
    };
    runtime::Task<base::Result<base::Money>> wallet_cap(base::AccountId account, base::WallTime now);

    runtime::Worker& worker_;
    runtime::BlockingPool& pool_;
    ports::Ledger& ledger_;
    std::unordered_map<base::AccountId, Cap> caps_;
};

} // namespace tollgate::gateway
