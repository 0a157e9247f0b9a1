// Several coroutines of one worker wait for the same thing to happen, each with a deadline of its own: for a
// lookup that one of them makes for all, for money or a connection to come free. One thread.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/runtime/deadlines.hpp"
#include "tollgate/runtime/interrupter.hpp"
#include "tollgate/runtime/wakeup.hpp"

#include <boost/intrusive/list.hpp>

#include <chrono>

namespace tollgate::runtime {

class Signal {
public:
    Signal() = default;
    Signal(const Signal&) = delete;
    Signal& operator=(const Signal&) = delete;

    /// Until raise(). Error: `reason`, when `after` has passed.
    Task<base::Result<void>> wait(Deadlines& deadlines, std::chrono::milliseconds after,
                                  base::ErrorCode reason) {
        Waiter waiter;
        waiters_.push_back(waiter);
        waiter.deadline.target = &waiter;
        deadlines.arm(waiter.deadline, after, reason);
        co_await waiter.wakeup.wait();
        if (waiter.gave_up)
            co_return base::fail(*waiter.gave_up, base::ErrorSource::internal, "waited in vain");
        co_return base::Result<void>();
    }

    /// The same, and `interrupter` may call it off.
    Task<base::Result<void>> wait(Deadlines& deadlines, std::chrono::milliseconds after,
                                  Interrupter& interrupter) {
        Waiter waiter;
        waiters_.push_back(waiter);
        waiter.deadline.target = &waiter;
        deadlines.arm(waiter.deadline, after, base::ErrorCode::cancelled);
        interrupter.attend(&waiter);
        co_await waiter.wakeup.wait();
        interrupter.attend(nullptr);
        if (waiter.gave_up)
            co_return base::fail(*waiter.gave_up, base::ErrorSource::internal, "waited in vain");
        co_return base::Result<void>();
    }

    /// Wakes all who wait now.
    void raise() {
        while (!waiters_.empty()) {
            Waiter& waiter = waiters_.front();
            waiters_.pop_front();
            waiter.wakeup.wake();
        }
    }

    bool has_waiters() const { return !waiters_.empty(); }

private:
    struct Waiter final
        : Interruptible,
          boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
        Wakeup wakeup{};
        Deadline deadline{};
        std::optional<base::ErrorCode> gave_up{};

        void interrupt(base::ErrorCode reason) override {
            gave_up = reason;
            wakeup.wake();
        }
    };

    boost::intrusive::list<Waiter, boost::intrusive::constant_time_size<false>> waiters_;
};

} // namespace tollgate::runtime
