// Limits and budgets without Redis: each node counts for itself, within its share of what is left. One
// worker.
#pragma once

#include "storage/redis/quota_state.hpp"

#include <unordered_map>

namespace tollgate::storage::redis {

class LocalQuota {
public:
    LocalQuota(QuotaState& state, ports::QuotaStore& store) : state_(state), store_(store) {}

    /// Purses only in an epoch whose home is local and complete; error: storage_unavailable otherwise.
    runtime::Task<base::Result<domain::Decision>> reserve(domain::Demand demand);
    runtime::Task<base::Result<base::Money>> extend(base::RequestId id, base::Money more);
    void settle(const domain::Charge& charge) noexcept { store_.settle(charge); }

    /// The ledger's total of a purse, read in this epoch.
    void warm(const domain::PurseTotal& total);

    /// Another epoch: totals must be read again.
    void forget() { totals_.clear(); }

private:
    runtime::Task<base::Result<domain::Decision>> ask_store(domain::Demand demand);
    domain::Demand share_of(const domain::Demand& demand) const;
    base::Money held_by_all(const std::string& purse) const;
    void tell_whole(domain::Decision& decision, const domain::Demand& demand) const;

    QuotaState& state_;
    ports::QuotaStore& store_;
    std::unordered_map<std::string, base::Money> totals_; // of the ledger, by purse
};

} // namespace tollgate::storage::redis
