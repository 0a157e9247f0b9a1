// The rows of the books in SQLite: columns in one order, filters, groups. Every query begins at the index of
// its narrowest filter; the other filters are checked row by row, so that a handful of statements stays
// prepared instead of one for every mixture. Used within the work of a Database.
#pragma once

#include "storage/sqlite/connection.hpp"
#include "tollgate/ports/ledger.hpp"

#include <limits>

namespace tollgate::storage::sqlite {

inline constexpr std::size_t largest_page = 1000;

inline constexpr std::string_view sum_columns =
    "sum(requests), sum(failed), sum(input), sum(cached_input), sum(cache_write), sum(output), "
    "sum(audio_input), sum(audio_output), sum(images), sum(cost_micros)";

/// From the columns above, the first of which is `first`.
domain::UsageSums read_sums(const Query& row, int first);

/// The filter as SQL over ?1 account, ?2 key, ?3 model, ?4 provider.
std::string usage_where(const ports::UsageFilter& filter);

std::string_view column_of(ports::GroupBy group);

/// Texts that compare before and after every day when an end is open.
std::string first_day(const ports::DayRange& days);
std::string last_day(const ports::DayRange& days);

inline constexpr std::int64_t earliest = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t latest = std::numeric_limits<std::int64_t>::max();
std::int64_t micros_or(const std::optional<base::WallTime>& time, std::int64_t otherwise);

/// SELECT … FROM usage_calls AS c …, as read_event() expects it.
extern const std::string_view event_columns;
domain::UsageEvent read_event(const Query& row);

} // namespace tollgate::storage::sqlite
