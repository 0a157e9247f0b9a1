// Lets one coroutine sleep until something on the same worker wakes it. Every wait of ours ends here, so that
// a deadline or a departing client can end any of them. One waiter at a time, one thread.
#pragma once

#include "tollgate/base/check.hpp"
#include "tollgate/runtime/task.hpp"

#include <boost/asio/post.hpp>

#include <coroutine>
#include <utility>

namespace tollgate::runtime {

class Wakeup {
public:
    Wakeup() = default;
    Wakeup(const Wakeup&) = delete;
    Wakeup& operator=(const Wakeup&) = delete;

    class Awaiter {
    public:
        explicit Awaiter(Wakeup& wakeup) : wakeup_(wakeup) {}
        bool await_ready() const noexcept { return wakeup_.woken_; }
        template <class Awaiting>
        void await_suspend(std::coroutine_handle<Awaiting> sleeper) const {
            TG_CHECK(!wakeup_.sleeper_);
            wakeup_.sleeper_ = sleeper;
            wakeup_.loop_ = &sleeper.promise().loop();
        }
        void await_resume() const noexcept { wakeup_.woken_ = false; }

    private:
        Wakeup& wakeup_;
    };

    /// Sleeps until the next wake() or wake_inline(); a wake without a sleeper is kept for the next wait.
    Awaiter wait() { return Awaiter(*this); }

    /// Resumes the sleeper from the event loop; safe to call from anywhere on the worker.
    void wake() {
        if (woken_) return;
        woken_ = true;
        if (!sleeper_) return;
        boost::asio::post(*loop_, [sleeper = std::exchange(sleeper_, nullptr)] { sleeper.resume(); });
    }

    /// Resumes the sleeper at once, inside this call: only from the top of an event handler.
    void wake_inline() {
        if (!sleeper_) {
            woken_ = true;
            return;
        }
        std::exchange(sleeper_, nullptr).resume();
    }

    bool has_sleeper() const { return sleeper_ != nullptr; }

private:
    std::coroutine_handle<> sleeper_;
    Loop* loop_ = nullptr; // the sleeper's
    bool woken_ = false;
};

} // namespace tollgate::runtime
