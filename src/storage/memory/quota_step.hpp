// One demand beside the counters that it is about, and the decision over them. Looks, never counts: so a
// refused demand cannot leave a trace.
#pragma once

#include "storage/memory/reservations.hpp"
#include "tollgate/domain/quota.hpp"

#include <optional>
#include <vector>

namespace tollgate::storage {

struct QuotaStep {
    const domain::Demand& demand;
    base::SteadyTime now{};
    KeyNode& key;
    AccountNode& account;
    std::vector<PurseNode*> purses{}; // in the order of the demand; null: not known
};

/// What stands against the demand, in the order of contract section 3: requests, tokens, concurrency, purses
/// not known, budget, wallet. Nothing: it fits.
std::optional<domain::Decision> find_refusal(QuotaStep& step);

/// What to set aside for a demand that fits: as much of its bound as every purse has left.
base::Money amount_to_hold(const QuotaStep& step);

/// The numbers as they stand, with those of the demand's budget if it has one.
domain::QuotaNumbers count_numbers(QuotaStep& step);

} // namespace tollgate::storage
