// The clocks' types. Nothing here reads a clock: `now` is a parameter, and only runtime and app ask for it.
#pragma once

#include "tollgate/base/error.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace tollgate::base {

/// Monotonic; for deadlines and rolling windows.
using SteadyTime = std::chrono::steady_clock::time_point;

/// Wall clock in microseconds since the Unix epoch; for expiry, periods and records.
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

/// "2026-11-23T09:05:00.123456Z" (RFC 3339, UTC; the fraction is left out when zero).
std::string to_rfc3339(WallTime time);

/// Reads RFC 3339 with any offset. Error: invalid_field.
Result<WallTime> parse_rfc3339(std::string_view text);

} // namespace tollgate::base
