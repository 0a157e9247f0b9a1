// A byte stream over a socket, plain or TLS, on one worker. Reading waits for the socket first and fills the
// caller's buffer only then, so that a worker's shared buffer can be lent to it. Every wait can be
// interrupted and has a deadline.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/runtime/deadlines.hpp"
#include "tollgate/runtime/file_descriptor.hpp"
#include "tollgate/runtime/task.hpp"
#include "tollgate/runtime/turn_end.hpp"
#include "tollgate/runtime/wakeup.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct ssl_ctx_st;

namespace tollgate::runtime {

class Poller;
class Readiness;
class TlsSession;

/// What waits on the same worker need to know of it.
struct LoopServices {
    Loop& loop;
    Deadlines& deadlines;
    Poller& poller;
    TurnEnd& turn_end;
};

/// The peer closed the connection, or this side is called off (shutdown).
enum class Departure { closed, called_off };

/// Told that a watched stream has come to its end while nobody reads it.
class StreamObserver {
public:
    virtual void on_departure(Departure departure) = 0;

protected:
    ~StreamObserver() = default;
};

class Stream final : public Interruptible {
public:
    Stream(LoopServices services, FileDescriptor socket);
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    /// TLS from here on. `host` is checked against the certificate and sent as SNI (client side only; empty
    /// on a server). Error: connection_closed with OpenSSL's reason.
    Task<base::Result<void>> start_tls(ssl_ctx_st& tls, std::string host);

    /// Reads what there is, at least one byte. Errors: connection_closed (end of stream or reset), or the
    /// reason of an interruption.
    Task<base::Result<std::size_t>> read_some(std::span<char> buffer);

    /// Writes as much as the socket takes at once and keeps a copy of the rest; true: nothing is left, false:
    /// flush().
    base::Result<bool> try_write(std::span<const std::string_view> pieces);

    /// Until the end of the worker's turn, which is the time to write a message that is whole. Error: the
    /// reason of an interruption.
    auto turn_end() { return TurnEndWait(*this); }

    /// Until everything kept by try_write() is written.
    Task<base::Result<void>> flush();

    /// Until a connection begun by connect(2) stands. Error: connection_closed with the system's reason.
    Task<base::Result<void>> finish_connect();

    /// Interrupts whatever waits now or next after this time, until the next call. Zero: no deadline.
    void expires_after(std::chrono::milliseconds after, base::ErrorCode reason);
    void interrupt(base::ErrorCode reason) override;
    /// Forgets an interruption: waits are possible again.
    void clear_interruption() { interruption_.reset(); }

    /// Tells `observer` when the peer leaves while nobody reads; nullptr ends it. Early bytes (pipelining)
    /// are kept.
    void watch(StreamObserver* observer);

    /// Neither has the peer closed, nor sent something that nobody asked for. Asks the system, does not wait.
    bool is_idle_and_open();
    /// The same as far as the poller has told since the last read; asks the system only if it has not.
    bool seems_idle_and_open();

    bool has_unsent() const { return !unsent_.empty(); }
    int native_handle() const { return socket_.get(); }

    /// Sends what TLS wants to say at the end and closes. Later calls fail.
    void close();

private:
    friend class Readiness;
    enum class Direction { read, write };
    enum class Progress { done, want_read, want_write };
    struct Transfer {
        Progress progress = Progress::done;
        std::size_t bytes = 0;
    };

    /// Until the socket is ready, or the reason why the wait was ended. An awaiter and no task: it has no
    /// frame.
    class Wait {
    public:
        Wait(Stream& stream, Direction direction) : stream_(stream), direction_(direction) {}
        bool await_ready() {
            if (stream_.interruption_ || stream_.is_ready(direction_)) return true;
            sleep_.emplace(stream_.begin_wait(direction_));
            return sleep_->await_ready();
        }
        template <class Awaiting>
        void await_suspend(std::coroutine_handle<Awaiting> sleeper) {
            sleep_->await_suspend(sleeper);
        }
        base::Result<void> await_resume() {
            if (sleep_) sleep_->await_resume();
            return stream_.check_interruption();
        }

    private:
        Stream& stream_;
        Direction direction_;
        std::optional<Wakeup::Awaiter> sleep_;
    };

    class TurnEndWait {
    public:
        explicit TurnEndWait(Stream& stream) : stream_(stream) {}
        bool await_ready() const { return stream_.services_.turn_end.is_here(); }
        void await_suspend(std::coroutine_handle<> sleeper) const { stream_.services_.turn_end.add(sleeper); }
        base::Result<void> await_resume() const { return stream_.check_interruption(); }

    private:
        Stream& stream_;
    };

    Wait wait(Direction direction) { return Wait(*this, direction); }
    bool is_ready(Direction direction);
    Wakeup::Awaiter begin_wait(Direction direction);
    void note_blocked(Progress progress);
    base::Result<void> check_interruption() const;
    base::Result<Transfer> read_once(std::span<char> buffer);
    base::Result<Transfer> write_once(std::span<const std::string_view> pieces);
    void check_watched();

    LoopServices services_;
    FileDescriptor socket_;
    std::unique_ptr<Readiness> readiness_;
    std::unique_ptr<TlsSession> tls_;
    Deadline deadline_;
    std::optional<base::ErrorCode> interruption_;
    StreamObserver* observer_ = nullptr;
    std::string unsent_;
};

} // namespace tollgate::runtime
