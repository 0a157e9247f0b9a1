// Tells a worker's streams what their sockets are ready for. Each socket is registered once, edge-triggered,
// with an epoll of its own that stands in the event loop as one descriptor: waiting costs no system call, and
// what is known of a socket is kept as flags. One thread.
#pragma once

#include "tollgate/runtime/file_descriptor.hpp"
#include "tollgate/runtime/task.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <cstdint>

namespace tollgate::runtime {

class ReadinessState;
class TurnEnd;

class Poller {
public:
    Poller(Loop& loop, TurnEnd& turn_end);
    ~Poller();
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    /// `state` is told until the socket is closed. Throws std::system_error, if the system takes no more of
    /// them.
    void add(int socket, ReadinessState& state);

    /// How often the sockets have been looked at.
    std::uint64_t looks() const { return looks_; }
    Loop& loop() { return loop_; }

private:
    void wait();
    void look();

    Loop& loop_;
    TurnEnd& turn_end_;
    boost::asio::posix::basic_stream_descriptor<Executor> epoll_;
    std::uint64_t looks_ = 0;
};

} // namespace tollgate::runtime
