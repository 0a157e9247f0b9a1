#include "tollgate/domain/period.hpp"

#include "tollgate/domain/purse.hpp"

namespace tollgate::domain {

using base::TimeZone;
using base::WallTime;
using namespace std::chrono;

namespace {

constexpr std::size_t date_length = 10; // YYYY-MM-DD

local_days next_first_day(BudgetPeriod period, local_days first) {
    switch (period) {
    case BudgetPeriod::none: break;
    case BudgetPeriod::daily: return first + days(1);
    case BudgetPeriod::weekly: return first + days(7);
    case BudgetPeriod::monthly: return local_days(year_month_day(first) + months(1));
    }
    return first;
}

} // namespace

local_days first_day_of(BudgetPeriod period, local_days day) {
    const year_month_day date(day);
    switch (period) {
    case BudgetPeriod::none: break;
    case BudgetPeriod::daily: return day;
    case BudgetPeriod::weekly: return day - (weekday(day) - Monday);
    case BudgetPeriod::monthly: return local_days(date.year() / date.month() / 1);
    }
    return local_days{};
}

std::optional<Period> period_at(BudgetPeriod period, const TimeZone& zone, WallTime now) {
    if (period == BudgetPeriod::none) return std::nullopt;
    const local_days first = first_day_of(period, zone.day_at(now));
    return Period{.begin = zone.start_of(first), .end = zone.start_of(next_first_day(period, first))};
}

seconds time_to_end(BudgetPeriod period, const TimeZone& zone, WallTime now) {
    if (period == BudgetPeriod::none) return seconds(0);
    const local_days first = first_day_of(period, zone.day_at(now));
    return ceil<seconds>(zone.start_of(next_first_day(period, first)) - now);
}

base::Result<WallTime> end_of_day(std::string_view date, const TimeZone& zone) {
    const auto day = parse_day(date);
    if (!day) return base::fail(day.error());
    return zone.start_of(*day + days(1));
}

base::Result<WallTime> parse_expiry(std::string_view text, const TimeZone& zone) {
    return text.size() == date_length ? end_of_day(text, zone) : base::parse_rfc3339(text);
}

} // namespace tollgate::domain
