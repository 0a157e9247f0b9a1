// A circuit breaker: after a run of failures it stays open for a while, then one trial decides. Pure; one per
// provider credential and worker.
#pragma once

#include "tollgate/base/time.hpp"

#include <chrono>
#include <cstdint>

namespace tollgate::domain {

struct BreakerRules {
    std::uint32_t failures = 5; // in a row; 0: the breaker is off
    std::chrono::milliseconds open_time{30'000};
};

enum class BreakerState { closed, open, trial };

class Breaker {
public:
    explicit Breaker(BreakerRules rules) : rules_(rules) {}

    /// May an attempt be made now? After the open time the first to ask gets the trial, others wait for its
    /// end.
    bool try_pass(base::SteadyTime now);

    void succeeded();
    void failed(base::SteadyTime now);
    /// The attempt ended without saying anything about the provider (the client left).
    void abandoned();

    BreakerState state() const { return state_; }
    std::uint32_t failures() const { return failures_; } // in a row
    /// When a trial may be made, while it is open.
    base::SteadyTime open_until() const { return opened_at_ + rules_.open_time; }

private:
    BreakerRules rules_;
    BreakerState state_ = BreakerState::closed;
    std::uint32_t failures_ = 0;
    base::SteadyTime opened_at_{};
};

} // namespace tollgate::domain
