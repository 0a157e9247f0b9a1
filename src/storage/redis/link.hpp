// One connection to one Redis server: commands go out in one write per turn of the loop, replies are matched
// in order. Whoever gives up leaves his place in the order, and the reply that comes for it is dropped. One
// thread.
#pragma once

#include "storage/redis/command.hpp"
#include "storage/redis/fault.hpp"
#include "storage/redis/reply.hpp"
#include "tollgate/runtime/deadlines.hpp"
#include "tollgate/runtime/stream.hpp"
#include "tollgate/runtime/wakeup.hpp"
#include "tollgate/runtime/worker.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>

namespace tollgate::storage::redis {

/// Told once what became of a command: the reply, which may be an error reply, or why there is none
/// (storage_unavailable). Must only note it or wake somebody.
class ReplySink {
public:
    virtual void replied(base::Result<Reply> reply) = 0;

protected:
    ~ReplySink() = default;
};

/// Where nobody waits for the reply.
class NobodyWaits final : public ReplySink {
    void replied(base::Result<Reply>) override {}
};

/// Told of error replies that say something about the server.
class LinkObserver {
public:
    virtual void noticed(Fault fault, const std::string& text) = 0;

protected:
    ~LinkObserver() = default;
};

struct LinkRules {
    std::chrono::milliseconds command_time{100};
    std::size_t queue = 10'000;
};

class Link final : public runtime::Interruptible {
public:
    Link(runtime::Worker& worker, LinkRules rules, LinkObserver& observer);
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;
    ~Link();

    /// Begins with a stream that stands; the one before must have ended.
    void open(std::unique_ptr<runtime::Stream> stream);
    bool is_open() const { return stream_ != nullptr && !failure_; }

    /// Reads until the connection ends; answers why it did. Every command that waited has been told.
    runtime::Task<base::Error> serve();

    /// Ends the connection: every command that waits is told at once.
    void fail(std::string reason);

    /// The reply. Errors: storage_unavailable (closed, too slow, too many wait). The caller's frame may be
    /// destroyed while it waits.
    runtime::Task<base::Result<Reply>> call(const Command& command);

    /// Tells `sink` later, never inside this call, unless there is no connection.
    void send(const Command& command, ReplySink& sink);

    /// What was sent in this turn of the loop leaves now instead of at its end.
    void flush();

    std::uint64_t commands() const { return commands_; }
    void interrupt(base::ErrorCode reason) override;

private:
    friend class Waiter;
    struct Place {
        ReplySink* sink = nullptr; // nullptr: nobody waits any more
        base::SteadyTime deadline{};
    };

    base::Result<void> take_replies(std::string_view bytes);
    void deliver(Reply reply);
    void flush_soon();
    static runtime::Task<> flush_rest(Link& link);
    void arm();

    runtime::Worker& worker_;
    LinkRules rules_;
    LinkObserver& observer_;
    std::unique_ptr<runtime::Stream> stream_;
    std::unique_ptr<ReplyReader> reader_;
    std::deque<Place> waiting_; // in the order of sending
    std::string out_;
    runtime::Deadline deadline_;
    std::optional<base::Error> failure_;
    runtime::Wakeup flushed_;
    std::uint64_t commands_ = 0;
    bool is_flush_due_ = false;
    bool is_flushing_ = false;
    bool is_late_ = false; // the first reply is due, and what the socket holds is read once more
};

} // namespace tollgate::storage::redis
