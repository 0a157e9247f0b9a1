// What a Stream knows of its socket: ready until a read or a write finds that it is not. Outlives the stream
// by a turn of the loop. One thread.
#pragma once

#include "tollgate/runtime/poller.hpp"
#include "tollgate/runtime/stream.hpp"
#include "tollgate/runtime/wakeup.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <cstdint>

namespace tollgate::runtime {

class ReadinessState : public boost::intrusive_ref_counter<ReadinessState, boost::thread_unsafe_counter> {
public:
    ReadinessState(Poller& poller, int socket, Stream& stream) : poller_(poller), stream_(&stream) {
        poller_.add(socket, *this);
    }

    /// Is it worth to try at once? A peer that sends faster than it is read must let others have their turn
    /// now and then: no, although there is more, and a wait is over in the loop's next turn.
    bool is_readable();
    bool is_writable() const { return writable_; }

    /// Sleeps until the socket is ready, or woken by wake_all().
    Wakeup::Awaiter wait_readable() { return read_.wait(); }
    Wakeup::Awaiter wait_writable() { return write_.wait(); }

    /// A read took everything that was there; whether the end stands behind it, the socket has told.
    void note_drained() { readable_ = ended_; }
    /// A read or a write found that it would have to wait.
    void note_unreadable() { readable_ = false; }
    void note_unwritable() { writable_ = false; }

    /// Is something there that nobody has read, an end included, as far as is known?
    bool has_unread() const { return readable_; }

    /// When a read was tried last, by Poller::looks(): what has come since is known from the next look on.
    void note_look() { looked_ = poller_.looks(); }
    bool was_looked_at_since() const { return poller_.looks() > looked_; }

    /// Tells the stream in the loop's next turn that there may be something to read.
    void tell_soon();

    /// Wakes whoever sleeps, from the event loop.
    void wake_all();

    /// The stream is dying: tells it nothing more.
    void detach();

    /// The poller's: what epoll says of the socket, and then to whom it matters.
    void note(std::uint32_t events);
    void tell(std::uint32_t events);

private:
    void tell_readable();

    Poller& poller_;
    Stream* stream_;
    Wakeup read_;
    Wakeup write_;
    std::uint64_t looked_ = 0;
    int reads_in_a_row_ = 0;
    bool readable_ = false;
    bool writable_ = false;
    bool ended_ = false; // the peer sends no more, or the connection is broken
};

/// Owns the stream's share of the state.
class Readiness {
public:
    Readiness(Poller& poller, int socket, Stream& stream)
        : state_(new ReadinessState(poller, socket, stream)) {}
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
