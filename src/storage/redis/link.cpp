#include "storage/redis/link.hpp"

#include "tollgate/base/check.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/runtime/spawn.hpp"

#include <array>
#include <utility>

namespace tollgate::storage::redis {

using base::Error;
using base::ErrorCode;
using base::Result;
using runtime::Task;

namespace {

constexpr std::chrono::milliseconds late_time{10}; // to read what has come already

Error unavailable(std::string reason) {
    return Error{.code = ErrorCode::storage_unavailable,
                 .source = base::ErrorSource::storage,
                 .retry = base::Retry::maybe,
                 .message = std::move(reason),
                 .retry_after = std::chrono::seconds(1)};
}

} // namespace

/// A coroutine that waits for one reply. Destroyed while it waits, it leaves its place in the order behind.
class Waiter final : public ReplySink {
public:
    Waiter() = default;
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    ~Waiter() {
        if (place_ != nullptr) place_->sink = nullptr;
    }

    void stand_in(Link::Place& place) { place_ = &place; }

    void replied(Result<Reply> reply) override {
        place_ = nullptr;
        reply_ = std::move(reply);
        wakeup_.wake();
    }

    Task<> wait() { co_await wakeup_.wait(); }
    Result<Reply> take() { return std::move(*reply_); }

private:
    Link::Place* place_ = nullptr;
    std::optional<Result<Reply>> reply_;
    runtime::Wakeup wakeup_;
};

Link::Link(runtime::Worker& worker, LinkRules rules, LinkObserver& observer)
    : worker_(worker), rules_(rules), observer_(observer) {
    deadline_.target = this;
}

Link::~Link() {
    // Frames that wait outlive this when the loop is torn down: they must not look for their places then.
    fail("the gateway stops");
}

void Link::open(std::unique_ptr<runtime::Stream> stream) {
    TG_CHECK(waiting_.empty() && !is_flushing_);
    stream_ = std::move(stream);
    reader_ = std::make_unique<ReplyReader>();
    failure_.reset();
    is_late_ = false;
    out_.clear();
}

Task<Error> Link::serve() {
    for (;;) {
        const auto buffer = worker_.read_buffer();
        const auto read = co_await stream_->read_some(buffer);
        if (!read) {
            fail(read.error().message);
            break;
        }
        const auto taken = take_replies(std::string_view(buffer.data(), *read));
        if (!taken) fail(taken.error().message);
        if (failure_) break;
    }
    while (is_flushing_) co_await flushed_.wait(); // it uses the stream, too
    stream_.reset();
    co_return *failure_;
}

Result<void> Link::take_replies(std::string_view bytes) {
    is_late_ = false;
    reader_->feed(bytes);
    for (;;) {
        auto reply = reader_->next();
        if (!reply) return std::unexpected(reply.error());
        if (!*reply) break;
        if (waiting_.empty()) {
            return base::fail(ErrorCode::invalid_response, base::ErrorSource::storage,
                              "Redis answered what nobody asked");
        }
        deliver(std::move(**reply));
        if (failure_) break; // an observer has seen enough
    }
    arm();
    return {};
}

void Link::deliver(Reply reply) {
    ReplySink* sink = waiting_.front().sink;
    waiting_.pop_front();
    if (reply.is_error()) observer_.noticed(judge(reply.text), reply.text);
    if (sink != nullptr) sink->replied(std::move(reply));
}

void Link::fail(std::string reason) {
    if (failure_) return;
    failure_ = unavailable(std::move(reason));
    deadline_.disarm();
    out_.clear();
    if (stream_) stream_->close();
    for (std::deque<Place> left = std::exchange(waiting_, {}); !left.empty(); left.pop_front()) {
        if (left.front().sink != nullptr) left.front().sink->replied(base::fail(*failure_));
    }
}

Task<Result<Reply>> Link::call(const Command& command) {
    Waiter waiter;
    send(command, waiter);
    if (!waiting_.empty() && waiting_.back().sink == &waiter) waiter.stand_in(waiting_.back());
    co_await waiter.wait();
    co_return waiter.take();
}

void Link::send(const Command& command, ReplySink& sink) {
    if (!is_open())
        return sink.replied(base::fail(failure_ ? *failure_ : unavailable("Redis is not connected")));
    if (waiting_.size() >= rules_.queue)
        return sink.replied(base::fail(unavailable("too many commands wait for Redis")));
    ++commands_;
    command.encode_to(out_);
    waiting_.push_back({&sink, runtime::steady_now() + rules_.command_time});
    if (waiting_.size() == 1) arm();
    flush_soon();
}

/// At the end of this turn of the loop, so that all its commands leave in one write.
void Link::flush_soon() {
    if (is_flush_due_ || is_flushing_) return;
    is_flush_due_ = true;
    worker_.post([this] {
        is_flush_due_ = false;
        flush();
    });
}

void Link::flush() {
    if (!is_open() || is_flushing_ || out_.empty()) return;
    const std::string_view bytes = out_;
    const auto written = stream_->try_write(std::span(&bytes, 1)); // keeps what the socket does not take
    out_.clear();
    if (!written) return fail(written.error().message);
    if (*written) return;
    is_flushing_ = true;
    runtime::spawn(worker_.loop(), flush_rest(*this), "redis flush");
}

Task<> Link::flush_rest(Link& link) {
    const auto written = co_await link.stream_->flush();
    link.is_flushing_ = false;
    if (!written) link.fail(written.error().message);
    link.flushed_.wake();
    link.flush();
}

void Link::arm() {
    if (waiting_.empty()) return deadline_.disarm();
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(waiting_.front().deadline - runtime::steady_now());
    const auto least = is_late_ ? late_time : std::chrono::milliseconds(1);
    worker_.deadlines().arm(deadline_, std::max(left, least), ErrorCode::storage_unavailable);
}

void Link::interrupt(ErrorCode) {
    if (waiting_.empty()) return;
    if (runtime::steady_now() < waiting_.front().deadline) return arm();
    // On a busy machine it may be this process that was late: the reply lies in the socket, and is read next.
    if (!std::exchange(is_late_, true)) return arm();
    // What is late now may be answered later: only a new connection is sure to be in step again.
    fail("Redis did not answer in time");
}

} // namespace tollgate::storage::redis
