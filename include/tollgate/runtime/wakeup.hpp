// Lets one coroutine sleep until something on the same worker wakes it. Every wait of ours ends here, so that
// a deadline or a departing client can end any of them. One waiter at a time, one thread.
#pragma once

#include "tollgate/base/check.hpp"
#include "tollgate/runtime/task.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>

#include <optional>
#include <utility>

namespace tollgate::runtime {

class Wakeup {
public:
    Wakeup() = default;
    Wakeup(const Wakeup&) = delete;
    Wakeup& operator=(const Wakeup&) = delete;

    /// Sleeps until the next wake() or wake_inline(); a wake without a sleeper is kept for the next wait.
    Task<> wait() {
        if (std::exchange(woken_, false)) co_return;
        auto keep = [this](Sleeper&& sleeper) {
            TG_CHECK(!sleeper_);
            sleeper_.emplace(std::move(sleeper));
        };
        co_await suspend(std::move(keep));
        woken_ = false;
    }

    /// Resumes the sleeper from the event loop; safe to call from anywhere on the worker.
    void wake() {
        if (woken_) return;
        woken_ = true;
        if (!sleeper_) return;
        Sleeper sleeper = take_sleeper();
        const auto executor = boost::asio::get_associated_executor(sleeper);
        boost::asio::post(executor, std::move(sleeper));
    }

    /// Resumes the sleeper at once, inside this call: only from the top of an event handler.
    void wake_inline() {
        if (!sleeper_) {
            woken_ = true;
            return;
        }
        Sleeper sleeper = take_sleeper();
        std::move(sleeper)();
    }

    bool has_sleeper() const { return sleeper_.has_value(); }

private:
    using Sleeper = boost::asio::async_result<UseTask, void()>::handler_type;

    template <class Keep>
    static Task<> suspend(Keep keep) {
        return boost::asio::async_initiate<const UseTask, void()>(std::move(keep), use_task);
    }

    Sleeper take_sleeper() {
        Sleeper sleeper = std::move(*sleeper_);
        sleeper_.reset();
        return sleeper;
    }

    std::optional<Sleeper> sleeper_;
    bool woken_ = false;
};

} // namespace tollgate::runtime
