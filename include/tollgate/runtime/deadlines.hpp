// Deadlines of one worker, swept by one timer: arming and disarming one is a few stores, no system call. A
// deadline is late by at most the sweep's period.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/base/time.hpp"
#include "tollgate/runtime/task.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>

namespace tollgate::runtime {

/// Something that waits and can be told to give up.
class Interruptible {
public:
    virtual void interrupt(base::ErrorCode reason) = 0;

protected:
    ~Interruptible() = default;
};

/// One moment after which its target is interrupted, once. Disarmed by destruction.
class Deadline
    : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    base::SteadyTime when{};
    base::ErrorCode reason = base::ErrorCode::cancelled;
    Interruptible* target = nullptr;

    void disarm() { unlink(); }
};

class Deadlines {
public:
    explicit Deadlines(Loop& loop);

    /// Begins sweeping; call it once, on the loop's thread or before it runs.
    void start(std::chrono::milliseconds period);
    void stop();

    /// Sets or moves a deadline.
    void arm(Deadline& deadline, std::chrono::milliseconds after, base::ErrorCode reason);

    /// The time of the last sweep or of start(): good enough for limits of seconds.
    base::SteadyTime coarse_now() const { return now_; }

private:
    void schedule();
    void sweep();

    using List = boost::intrusive::list<Deadline, boost::intrusive::constant_time_size<false>>;
    List armed_;
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
        timer_;
    std::chrono::milliseconds period_{0};
    base::SteadyTime now_{};
};

} // namespace tollgate::runtime
