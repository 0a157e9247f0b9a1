// One thread with one event loop and what its coroutines share: deadlines and a big read buffer. Owned by the
// application; other threads may only post() to it.
#pragma once

#include "tollgate/base/time.hpp"
#include "tollgate/runtime/deadlines.hpp"
#include "tollgate/runtime/poller.hpp"
#include "tollgate/runtime/stream.hpp"
#include "tollgate/runtime/task.hpp"
#include "tollgate/runtime/turn_end.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace tollgate::runtime {

class Worker {
public:
    explicit Worker(std::size_t index);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void start();
    /// Ends the loop; coroutines that still wait are destroyed with the worker.
    void stop();
    void join();

    /// Runs `work` on the worker's thread, soon.
    template <class Work>
    void post(Work&& work) {
        boost::asio::post(loop_, std::forward<Work>(work));
    }

    Loop& loop() { return loop_; }
    Deadlines& deadlines() { return deadlines_; }
    LoopServices services() { return {loop_, deadlines_, poller_, turn_end_}; }
    std::size_t index() const { return index_; }

    /// Lent to whoever reads; what is in it is gone at the next co_await.
    std::span<char> read_buffer() { return read_buffer_; }

private:
    void run();

    std::size_t index_;
    Loop loop_{1};
    boost::asio::executor_work_guard<Executor> work_guard_;
    Deadlines deadlines_;
    TurnEnd turn_end_;
    Poller poller_;
    std::vector<char> read_buffer_;
    std::jthread thread_;
};

} // namespace tollgate::runtime
