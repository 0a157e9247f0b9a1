// Waits for a socket on behalf of a Stream: at most one wait per direction is with the event loop, and it
// stays there when the coroutine that asked for it gives up. Outlives the stream until the loop has let go of
// it. One thread.
#pragma once

#include "tollgate/runtime/stream.hpp"
#include "tollgate/runtime/wakeup.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

namespace tollgate::runtime {

class ReadinessState : public boost::intrusive_ref_counter<ReadinessState, boost::thread_unsafe_counter> {
public:
    ReadinessState(Loop& loop, int descriptor, Stream& stream)
        : descriptor_(loop, descriptor), stream_(&stream) {}

    /// Sleeps until the socket is ready, or woken by wake_all().
    Wakeup::Awaiter wait_readable() {
        arm_read();
        return read_.wait();
    }
    Wakeup::Awaiter wait_writable() {
        arm_write();
        return write_.wait();
    }

    /// Asks to be told of readability without a sleeper.
    void arm_read();

    /// Wakes whoever sleeps, from the event loop.
    void wake_all();

    /// The stream is dying: gives the descriptor back and tells it nothing more.
    void detach();

private:
    void arm_write();
    void on_readable();

    boost::asio::posix::basic_stream_descriptor<Executor> descriptor_;
    Stream* stream_;
    Wakeup read_;
    Wakeup write_;
    bool read_armed_ = false;
    bool write_armed_ = false;
};

/// Owns the stream's share of the state.
class Readiness {
public:
    Readiness(Loop& loop, int descriptor, Stream& stream)
        : state_(new ReadinessState(loop, descriptor, stream)) {}
    ~Readiness() { state_->detach(); }
    Readiness(const Readiness&) = delete;
    Readiness& operator=(const Readiness&) = delete;
    ReadinessState& state() const { return *state_; }

    /// Lets ReadinessState reach the stream's private side.
    static void tell_readable(Stream& stream) { stream.check_watched(); }

private:
    boost::intrusive_ptr<ReadinessState> state_;
};

} // namespace tollgate::runtime
