// The arithmetic of prepaid lots. Pure; adapters load the lots of one account, call these and store the
// result.
#pragma once

#include "tollgate/base/money.hpp"
#include "tollgate/base/time.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace tollgate::domain {

struct LotState {
    std::int64_t sequence = 0; // order of consumption
    base::Money amount{};
    base::Money consumed{};
    std::optional<base::WallTime> expires_at{};

    bool is_expired(base::WallTime at) const { return expires_at && *expires_at <= at; }
    base::Money remaining() const { return amount - consumed; }
    friend bool operator==(const LotState&, const LotState&) = default;
};

/// An account's wallet at one moment, in the terms of the quota purse: spent + reserved <= cap. `cap` is the
/// sum of the lots that have not expired, plus what was consumed of those that have; `spent` is all that the
/// wallet was ever charged. `debt` is the part of `spent` that no lot covered; the next lot pays it first.
struct Wallet {
    base::Money cap{};
    base::Money spent{};
    base::Money balance{}; // cap - spent; negative while there is a debt
    base::Money debt{};
    base::Money expired{}; // unused when its lot expired
    friend bool operator==(const Wallet&, const Wallet&) = default;
};

/// Takes `cost` from the lots that were good at `at` (the start of the call, when the money was promised), in
/// their order. Answers what no lot covered.
base::Money consume(std::span<LotState> lots, base::Money cost, base::WallTime at);

/// Gives `amount` back to the lots that were consumed last, so that an older lot is never left with money
/// while a newer one is in use. A lot that has expired stays so. Answers what no lot had given.
base::Money give_back(std::span<LotState> lots, base::Money amount);

/// `debt` is what was charged beyond all lots and not yet paid.
Wallet wallet_of(std::span<const LotState> lots, base::Money debt, base::WallTime now);

} // namespace tollgate::domain
