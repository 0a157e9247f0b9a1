// A few threads for drivers that block (SQLite, libpqxx, name lookup). The awaiting coroutine resumes on its
// own worker. Bounded: when too much waits already, the answer is an error at once.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/runtime/task.hpp"
#include "tollgate/runtime/wakeup.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

namespace tollgate::runtime {

class BlockingPool {
public:
    BlockingPool(std::size_t threads, std::size_t queue_limit) : queue_limit_(queue_limit), pool_(threads) {}

    /// Runs `work` (which returns a Result) on a pool thread; the caller resumes on `loop`, which is its own.
    /// Error: overloaded. The pool must be joined before the loop of an awaiting coroutine dies.
    template <class Work>
    Task<std::invoke_result_t<Work>> run(Loop& loop, Work work) {
        if (queued_.fetch_add(1, std::memory_order_relaxed) >= queue_limit_) {
            queued_.fetch_sub(1, std::memory_order_relaxed);
            co_return base::fail(base::ErrorCode::overloaded, base::ErrorSource::storage,
                                 "too many storage operations wait; try again");
        }
        std::optional<std::invoke_result_t<Work>> result;
        Wakeup done;
        const Executor executor = loop.get_executor();
        auto wake = [&done] { done.wake_inline(); };
        auto job = [this, &work, &result, executor, wake] {
            result.emplace(work());
            queued_.fetch_sub(1, std::memory_order_relaxed);
            boost::asio::post(executor, wake);
        };
        boost::asio::post(pool_, std::move(job));
        co_await done.wait();
        co_return std::move(*result);
    }

    /// Runs `work` on a pool thread some time; nobody waits for it. Any thread.
    template <class Work>
    void post(Work work) {
        boost::asio::post(pool_, std::move(work));
    }

    /// Waits for what runs and is queued; nothing may be run afterwards.
    void join() { pool_.join(); }

private:
    std::size_t queue_limit_;
    std::atomic<std::size_t> queued_{0};
    boost::asio::thread_pool pool_;
};

} // namespace tollgate::runtime
