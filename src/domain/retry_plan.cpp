#include "tollgate/domain/retry_plan.hpp"

#include <algorithm>

namespace tollgate::domain {

std::optional<std::chrono::milliseconds> next_pause(const FailedAttempt& failed) {
    if (failed.attempts >= failed.most_attempts) return std::nullopt;
    if (failed.has_other_credential) return std::chrono::milliseconds(0);
    constexpr std::chrono::milliseconds first{500};
    const auto doubled = first * (1U << std::min(failed.attempts - 1, 2U));
    auto pause = std::chrono::milliseconds(doubled.count() * failed.jitter_percent / 100);
    if (failed.retry_after) pause = *failed.retry_after; // the provider knows better, if there is time for it
    if (pause >= failed.time_left) return std::nullopt;
    return pause;
}

} // namespace tollgate::domain
