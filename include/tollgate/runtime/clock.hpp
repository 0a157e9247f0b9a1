// The only clocks that the line reads; pure parts get `now` as a parameter.
#pragma once

#include "tollgate/base/time.hpp"

namespace tollgate::runtime {

inline base::SteadyTime steady_now() {
    return std::chrono::steady_clock::now();
}

/// When this thread's poller looked at its sockets, while it tells of what it saw; else a time long ago.
inline constinit thread_local base::SteadyTime turn_time{};

/// The time of the turn of the loop that we are in: for limits and durations, which may be off by as much as
/// a turn lasts, and asked for a dozen times per request.
inline base::SteadyTime turn_now() {
    return turn_time == base::SteadyTime() ? steady_now() : turn_time;
}

inline base::WallTime wall_now() {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

} // namespace tollgate::runtime
