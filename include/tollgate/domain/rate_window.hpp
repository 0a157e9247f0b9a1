// The requests of the last sixty seconds, each with its instant, so that the limit is exact in every window
// and not only in those that begin on the minute. Owned by one key's counters; not synchronised.
#pragma once

#include "tollgate/base/time.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace tollgate::domain {

/// How long an admission counts: one at t frees its place at t + window_span.
inline constexpr std::chrono::seconds window_span{60};

/// Every `now` that lies before the newest admission is taken as that instant. Durations are rounded up to
/// whole milliseconds, so that waiting for them is always enough. All operations take amortised O(1).
class RateWindow {
public:
    bool has_place(std::uint32_t limit, base::SteadyTime now);

    /// Counts one request. The caller has asked has_place().
    void admit(base::SteadyTime now);

    std::uint32_t remaining(std::uint32_t limit, base::SteadyTime now);

    /// Until has_place() will say yes; 0: it does now; nothing: a limit of 0 never does.
    std::optional<std::chrono::milliseconds> time_to_place(std::uint32_t limit, base::SteadyTime now);

    /// Until nothing counts any more.
    std::chrono::milliseconds time_to_empty(base::SteadyTime now);

private:
    base::SteadyTime forget_what_left(base::SteadyTime now);
    std::deque<base::SteadyTime> admissions_; // oldest first
};

} // namespace tollgate::domain
