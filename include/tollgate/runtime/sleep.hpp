// A pause of a task, exact to the millisecond; for waits that are rare. Deadlines of every request belong to
// Deadlines.
#pragma once

#include "tollgate/runtime/task.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>

namespace tollgate::runtime {

inline Task<> pause(Loop& loop, std::chrono::milliseconds time) {
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
        timer(loop, time);
    co_await timer.async_wait(use_task);
}

} // namespace tollgate::runtime
