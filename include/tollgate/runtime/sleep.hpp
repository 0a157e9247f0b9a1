// A pause of a task, exact to the millisecond; for waits that are rare. Deadlines of every request belong to
// Deadlines.
#pragma once

#include "tollgate/runtime/wakeup.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>

namespace tollgate::runtime {

inline Task<> pause(Loop& loop, std::chrono::milliseconds time) {
    Wakeup over;
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
        timer(loop, time);
    timer.async_wait([&over](const boost::system::error_code&) { over.wake_inline(); });
    co_await over.wait();
}

} // namespace tollgate::runtime
