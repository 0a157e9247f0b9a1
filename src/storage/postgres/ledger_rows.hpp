// The rows of the books in PostgreSQL: columns in one order, filters, groups. The conditions name only the
// filters that are there, so that the server picks the index of the narrowest one. Used within the work of a
// Database.
#pragma once

#include "storage/postgres/connection.hpp"
#include "tollgate/ports/ledger.hpp"

#include <limits>

namespace tollgate::storage::postgres {

inline constexpr std::size_t largest_page = 1000;

extern const std::string_view sum_columns;

/// From the columns above, the first of which is `first`.
domain::UsageSums read_sums(const Rows& row, int first);

/// The filter as SQL over $1 account, $2 key, $3 model, $4 provider.
std::string usage_where(const ports::UsageFilter& filter);

std::string_view column_of(ports::GroupBy group);

/// Texts that compare before and after every day when an end is open.
std::string first_day(const ports::DayRange& days);
std::string last_day(const ports::DayRange& days);

inline constexpr std::int64_t earliest = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t latest = std::numeric_limits<std::int64_t>::max();
std::int64_t micros_or(const std::optional<base::WallTime>& time, std::int64_t otherwise);

/// SELECT … FROM usage_events, as read_event() expects it.
extern const std::string_view event_columns;
domain::UsageEvent read_event(const Rows& row);

} // namespace tollgate::storage::postgres
