// What to do after an attempt failed before anything reached the client: at once with another credential,
// after a pause, with the next target, or give up (contract §4). Pure.
#pragma once

#include "tollgate/base/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace tollgate::domain {

struct FailedAttempt {
    std::uint32_t attempts = 1;                             // made at this target so far
    std::uint32_t most_attempts = 3;                        // allowed at this target
    bool has_other_credential = false;                      // a healthy one that was not tried yet
    std::optional<std::chrono::milliseconds> retry_after{}; // what the provider asked for
    std::chrono::milliseconds time_left{0};                 // until the call's deadline
    std::uint32_t jitter_percent = 100;                     // 75 to 100: share of the pause that is kept
};

/// The pause before the next attempt at the same target; nothing: no further attempt there.
std::optional<std::chrono::milliseconds> next_pause(const FailedAttempt& failed);

} // namespace tollgate::domain
