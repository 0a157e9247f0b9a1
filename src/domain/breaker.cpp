#include "tollgate/domain/breaker.hpp"

namespace tollgate::domain {

bool Breaker::try_pass(base::SteadyTime now) {
    if (state_ == BreakerState::closed) return true;
    if (now - opened_at_ < rules_.open_time) return false;
    // A trial that never reports (its worker's task died) must not keep the provider shut: the next comes
    // after another open time.
    state_ = BreakerState::trial;
    opened_at_ = now;
    return true;
}

void Breaker::succeeded() {
    state_ = BreakerState::closed;
    failures_ = 0;
}

void Breaker::failed(base::SteadyTime now) {
    ++failures_;
    if (rules_.failures == 0) return;
    if (state_ == BreakerState::trial || failures_ >= rules_.failures) {
        state_ = BreakerState::open;
        opened_at_ = now;
    }
}

void Breaker::abandoned() {
    if (state_ != BreakerState::trial) return;
    state_ = BreakerState::open;
    opened_at_ -= rules_.open_time; // it was open for its time already: the next to ask is the trial
}

} // namespace tollgate::domain
