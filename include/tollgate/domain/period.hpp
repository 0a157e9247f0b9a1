// Budget periods as stretches of the calendar: from the beginning of a first day to the beginning of the next
// period's. Computed from the clock, so nothing is ever reset. Pure. Names of periods: domain/purse.hpp.
#pragma once

#include "tollgate/base/time_zone.hpp"
#include "tollgate/domain/key.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace tollgate::domain {

/// Half-open: `end` belongs to the next period.
struct Period {
    base::WallTime begin{};
    base::WallTime end{};
    friend bool operator==(const Period&, const Period&) = default;
};

/// The first day of the period that `day` is in; weeks begin on Monday. For BudgetPeriod::none the first day
/// of the calendar, 1970-01-01.
std::chrono::local_days first_day_of(BudgetPeriod period, std::chrono::local_days day);

/// The period that `now` is in; nothing for BudgetPeriod::none, which never ends.
std::optional<Period> period_at(BudgetPeriod period, const base::TimeZone& zone, base::WallTime now);

/// Whole seconds until the period ends, rounded up; 0: never.
std::chrono::seconds time_to_end(BudgetPeriod period, const base::TimeZone& zone, base::WallTime now);

/// The end of a day written "YYYY-MM-DD": the instant at which the next one begins. Error: invalid_field.
base::Result<base::WallTime> end_of_day(std::string_view date, const base::TimeZone& zone);

/// An `expires_at` as people write it: RFC 3339, or a day that it ends with. Error: invalid_field.
base::Result<base::WallTime> parse_expiry(std::string_view text, const base::TimeZone& zone);

} // namespace tollgate::domain
