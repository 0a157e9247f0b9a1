// Names of purses: the one place that spells them. Reserve (quota store) and settle (ledger) must agree on
// the name, or a budget would start from zero; so the ledger derives every name from the event's key and day.
#pragma once

#include "tollgate/base/ids.hpp"
#include "tollgate/domain/key.hpp"

#include <array>
#include <chrono>
#include <string>

namespace tollgate::domain {

/// "budget:key_12ab:total", "…:2026-11-23", "…:2026-W48" (ISO 8601 week), "…:2026-11". `day` is the date in
/// billing.time_zone.
std::string budget_purse_name(const base::KeyId& key_id, BudgetPeriod period, std::chrono::local_days day);

/// "wallet:acc_34cd"
std::string wallet_purse_name(const base::AccountId& account_id);

/// A call counts in the purses of all periods, so that a budget or period set later finds what was spent.
inline constexpr std::array budget_periods = {BudgetPeriod::none, BudgetPeriod::daily, BudgetPeriod::weekly,
                                              BudgetPeriod::monthly};

/// "2026-11-23" and back. Error: invalid_field.
std::string to_string(std::chrono::local_days day);
base::Result<std::chrono::local_days> parse_day(std::string_view text);

} // namespace tollgate::domain
