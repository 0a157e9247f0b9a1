#include "tollgate/domain/wallet.hpp"

#include <algorithm>
#include <ranges>

namespace tollgate::domain {

base::Money consume(std::span<LotState> lots, base::Money cost, base::WallTime at) {
    for (LotState& lot : lots) {
        if (cost.is_zero()) break;
        if (lot.is_expired(at)) continue;
        const base::Money part = std::min(cost, lot.remaining());
        lot.consumed += part;
        cost -= part;
    }
    return cost;
}

base::Money give_back(std::span<LotState> lots, base::Money amount) {
    for (LotState& lot : std::views::reverse(lots)) {
        if (amount.is_zero()) break;
        const base::Money part = std::min(amount, lot.consumed);
        lot.consumed -= part;
        amount -= part;
    }
    return amount;
}

Wallet wallet_of(std::span<const LotState> lots, base::Money debt, base::WallTime now) {
    Wallet wallet{.spent = debt, .debt = debt};
    for (const LotState& lot : lots) {
        wallet.spent += lot.consumed;
        if (lot.is_expired(now)) {
            wallet.cap += lot.consumed;
            wallet.expired += lot.remaining();
        } else {
            wallet.cap += lot.amount;
        }
    }
    wallet.balance = wallet.cap - wallet.spent;
    return wallet;
}

} // namespace tollgate::domain
