#include "tollgate/domain/purse_account.hpp"

#include "tollgate/base/check.hpp"

#include <algorithm>

namespace tollgate::domain {

using base::Money;

Money PurseAccount::left(Money cap) const {
    const auto used = Money::add(spent_, reserved_);
    const auto rest = used ? Money::subtract(cap, *used) : std::nullopt;
    return rest ? std::max(*rest, Money()) : Money();
}

std::optional<Shortage> PurseAccount::find_shortage(Money minimum, Money cap) const {
    const auto after_spending = Money::add(spent_, minimum);
    if (!after_spending || *after_spending > cap) return Shortage::spent;
    const auto with_reserved = Money::add(*after_spending, reserved_);
    if (!with_reserved || *with_reserved > cap) return Shortage::reserved;
    return std::nullopt;
}

void PurseAccount::hold(Money amount) {
    const auto sum = Money::add(reserved_, amount);
    TG_CHECK(!amount.is_negative() && sum.has_value());
    reserved_ = *sum;
}

void PurseAccount::release(Money amount) {
    TG_CHECK(!amount.is_negative() && amount <= reserved_);
    reserved_ -= amount;
}

void PurseAccount::charge(Money cost) {
    TG_CHECK(!cost.is_negative());
    spent_ += cost;
}

void PurseAccount::raise_spent_to(Money total) {
    spent_ = std::max(spent_, total);
}

} // namespace tollgate::domain
