// Usage as JSON, and what the calls about usage have in common: the days and filters they ask for. Pure, but
// for the accounts that a filter names.
#pragma once

#include "dashboard/call.hpp"
#include "tollgate/domain/latency.hpp"

namespace tollgate::dashboard {

/// The sums with their latency; a null pointer where none is kept.
Json to_json(const ports::UsageSums& sums, const domain::LatencySums* latency);
Json to_json(const domain::UsageEvent& event);

struct UsageScope {
    std::chrono::local_days first{};
    std::chrono::local_days last{}; // included
    ports::UsageFilter filter{};
    ports::DayRange days() const { return {.first = first, .last = last}; }
};

/// `from`, `to` (the last 30 days unless they are given), `account_id`, `key_id`, `model`, `provider`.
/// Errors: invalid_field, and those of account_in_question().
base::Result<UsageScope> read_scope(Call& call, std::int64_t most_days);

/// From the start of the first day to the end of the last.
ports::TimeRange times_of(const UsageScope& scope, const base::TimeZone& zone);

} // namespace tollgate::dashboard
