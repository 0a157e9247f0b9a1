#include "tollgate/runtime/deadlines.hpp"

#include "tollgate/runtime/clock.hpp"

namespace tollgate::runtime {

Deadlines::Deadlines(Loop& loop) : timer_(loop) {}

void Deadlines::start(std::chrono::milliseconds period) {
    period_ = period;
    now_ = std::chrono::steady_clock::now();
    schedule();
}

void Deadlines::stop() {
    timer_.cancel();
}

void Deadlines::arm(Deadline& deadline, std::chrono::milliseconds after, base::ErrorCode reason) {
    deadline.when = turn_now() + after;
    deadline.reason = reason;
    if (!deadline.is_linked()) armed_.push_back(deadline);
}

void Deadlines::schedule() {
    timer_.expires_after(period_);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        sweep();
        schedule();
    });
}

void Deadlines::sweep() {
    now_ = std::chrono::steady_clock::now();
    for (auto position = armed_.begin(); position != armed_.end();) {
        Deadline& deadline = *position++; // before the interruption, which may unlink it
        if (deadline.when > now_) continue;
        deadline.disarm();
        deadline.target->interrupt(deadline.reason); // only marks and posts: never runs the waiter in here
    }
}

} // namespace tollgate::runtime
