// The arithmetic of one purse: what was spent, what calls in flight have set aside, and what a cap leaves.
// The cap is a parameter, because budgets are edited and wallets topped up. Not synchronised.
#pragma once

#include "tollgate/base/money.hpp"

#include <optional>

namespace tollgate::domain {

/// Why a purse cannot give: the money is gone, or it is set aside and may come free.
enum class Shortage { spent, reserved };

class PurseAccount {
public:
    base::Money spent() const { return spent_; }
    base::Money reserved() const { return reserved_; }

    /// What may still be set aside under `cap`; never below zero.
    base::Money left(base::Money cap) const;

    /// Can `minimum` (not negative) be set aside? Nothing: it can, so left(cap) >= minimum.
    std::optional<Shortage> find_shortage(base::Money minimum, base::Money cap) const;

    /// Sets `amount` aside; the caller has seen that it is left.
    void hold(base::Money amount);

    /// Gives back part or all of what was held.
    void release(base::Money amount);

    /// Adds what a call cost, even past a cap: a cost that arose is never lost. Stays at the end of the range
    /// rather than wrap around.
    void charge(base::Money cost);

    /// The ledger knows of `total`; never lowers what was counted here.
    void raise_spent_to(base::Money total);

private:
    base::Money spent_{};
    base::Money reserved_{};
};

} // namespace tollgate::domain
