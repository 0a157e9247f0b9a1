#include "tollgate/runtime/stream.hpp"

#include "runtime/readiness.hpp"
#include "runtime/tls_session.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace tollgate::runtime {

namespace {

using base::ErrorCode;
using base::Result;

std::unexpected<base::Error> closed(std::string reason) {
    return base::fail(base::Error{.code = ErrorCode::connection_closed,
                                  .source = base::ErrorSource::upstream,
                                  .retry = base::Retry::maybe,
                                  .message = std::move(reason)});
}

std::unexpected<base::Error> interrupted(ErrorCode reason) {
    return base::fail(reason, base::ErrorSource::internal,
                      "the wait was ended: " + std::string(base::to_string(reason)));
}

bool would_block(int error) {
    return error == EAGAIN || error == EWOULDBLOCK;
}

constexpr std::size_t most_pieces = 16;

/// The pieces as the system call wants them; more than fit are left for the next call.
std::size_t fill_vectors(std::span<const std::string_view> pieces, std::array<iovec, most_pieces>& vectors) {
    std::size_t count = 0;
    for (const std::string_view piece : pieces) {
        if (piece.empty()) continue;
        if (count == vectors.size()) break;
        vectors[count++] = {const_cast<char*>(piece.data()), piece.size()};
    }
    return count;
}

} // namespace

Stream::Stream(LoopServices services, FileDescriptor socket)
    : services_(services),
      socket_(std::move(socket)),
      readiness_(std::make_unique<Readiness>(services.poller, socket_.get(), *this)) {
    deadline_.target = this;
}

Stream::~Stream() {
    close();
}

void Stream::close() {
    deadline_.disarm();
    interruption_ = ErrorCode::connection_closed;
    if (!socket_.is_open()) return;
    if (tls_) tls_->shut_down();
    readiness_->state().wake_all();
    readiness_.reset();
    tls_.reset();
    socket_.reset();
}

void Stream::expires_after(std::chrono::milliseconds after, ErrorCode reason) {
    if (after.count() == 0) {
        deadline_.disarm();
    } else {
        services_.deadlines.arm(deadline_, after, reason);
    }
}

void Stream::interrupt(ErrorCode reason) {
    if (!interruption_) interruption_ = reason;
    if (readiness_) readiness_->state().wake_all();
    if (observer_ != nullptr) observer_->on_departure(Departure::called_off);
}

bool Stream::is_ready(Direction direction) {
    ReadinessState& state = readiness_->state();
    return direction == Direction::read ? state.is_readable() : state.is_writable();
}

/// The next wait is for an event that is still to come.
void Stream::note_blocked(Progress progress) {
    if (progress == Progress::want_read) readiness_->state().note_unreadable();
    if (progress == Progress::want_write) readiness_->state().note_unwritable();
}

Wakeup::Awaiter Stream::begin_wait(Direction direction) {
    ReadinessState& state = readiness_->state();
    return direction == Direction::read ? state.wait_readable() : state.wait_writable();
}

Result<void> Stream::check_interruption() const {
    if (interruption_) return interrupted(*interruption_);
    return {};
}

Task<Result<void>> Stream::finish_connect() {
    const auto ready = co_await wait(Direction::write);
    if (!ready) co_return std::unexpected(ready.error());
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) co_return closed(std::string("connect: ") + std::strerror(error));
    co_return Result<void>();
}

Task<Result<void>> Stream::start_tls(ssl_ctx_st& tls, std::string host) {
    tls_ = std::make_unique<TlsSession>(tls, socket_.get(), host);
    for (;;) {
        const auto progress = tls_->handshake();
        if (!progress) co_return std::unexpected(progress.error());
        if (*progress == TlsSession::Progress::done) co_return Result<void>();
        note_blocked(static_cast<Progress>(*progress));
        const Direction direction =
            *progress == TlsSession::Progress::want_read ? Direction::read : Direction::write;
        const auto ready = co_await wait(direction);
        if (!ready) co_return std::unexpected(ready.error());
    }
}

Result<Stream::Transfer> Stream::read_once(std::span<char> buffer) {
    ReadinessState& state = readiness_->state();
    state.note_look();
    if (tls_) {
        const auto transfer = tls_->read(buffer);
        if (!transfer) return std::unexpected(transfer.error());
        note_blocked(static_cast<Progress>(transfer->progress));
        return Transfer{static_cast<Progress>(transfer->progress), transfer->bytes};
    }
    ssize_t received = 0;
    do {
        received = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    } while (received < 0 && errno == EINTR);
    if (received > 0) {
        const auto bytes = static_cast<std::size_t>(received);
        if (bytes < buffer.size()) state.note_drained();
        return Transfer{Progress::done, bytes};
    }
    if (received == 0) return closed("the peer closed the connection");
    if (!would_block(errno)) return closed(std::string("read: ") + std::strerror(errno));
    state.note_unreadable();
    return Transfer{Progress::want_read, 0};
}

Task<Result<std::size_t>> Stream::read_some(std::span<char> buffer) {
    Direction direction = Direction::read;
    bool look_first = tls_ && tls_->has_buffered(); // the socket says nothing of what TLS has already taken
    for (;;) {
        if (!look_first) {
            const auto ready = co_await wait(direction);
            if (!ready) co_return std::unexpected(ready.error());
        }
        look_first = false;
        if (!socket_.is_open()) co_return closed("the connection is closed");
        const auto transfer = read_once(buffer);
        if (!transfer) co_return std::unexpected(transfer.error());
        if (transfer->progress == Progress::done) co_return transfer->bytes;
        direction = transfer->progress == Progress::want_read ? Direction::read : Direction::write;
    }
}

Result<Stream::Transfer> Stream::write_once(std::span<const std::string_view> pieces) {
    if (tls_) {
        for (const std::string_view piece : pieces) {
            if (piece.empty()) continue;
            const auto transfer = tls_->write(piece);
            if (!transfer) return std::unexpected(transfer.error());
            note_blocked(static_cast<Progress>(transfer->progress));
            return Transfer{static_cast<Progress>(transfer->progress), transfer->bytes};
        }
        return Transfer{};
    }
    std::array<iovec, most_pieces> vectors;
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = fill_vectors(pieces, vectors);
    if (message.msg_iovlen == 0) return Transfer{};
    ssize_t sent = 0;
    do {
        sent = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent >= 0) return Transfer{Progress::done, static_cast<std::size_t>(sent)};
    if (!would_block(errno)) return closed(std::string("write: ") + std::strerror(errno));
    note_blocked(Progress::want_write);
    return Transfer{Progress::want_write, 0};
}

Result<bool> Stream::try_write(std::span<const std::string_view> pieces) {
    if (interruption_) return interrupted(*interruption_);
    std::array<std::string_view, most_pieces> left{};
    if (pieces.size() > left.size())
        return base::fail(ErrorCode::internal, base::ErrorSource::internal, "too many pieces in one write");
    std::ranges::copy(pieces, left.begin());
    std::span<std::string_view> rest(left.data(), pieces.size());
    while (unsent_.empty() && !rest.empty()) {
        const auto transfer = write_once(rest);
        if (!transfer) return std::unexpected(transfer.error());
        std::size_t bytes = transfer->bytes;
        while (!rest.empty() && bytes >= rest.front().size()) {
            bytes -= rest.front().size();
            rest = rest.subspan(1);
        }
        if (!rest.empty()) rest.front().remove_prefix(bytes);
        if (transfer->progress != Progress::done) break;
    }
    for (const std::string_view piece : rest) unsent_.append(piece);
    return unsent_.empty();
}

Task<Result<void>> Stream::flush() {
    std::size_t written = 0;
    Direction direction = Direction::write;
    while (written < unsent_.size()) {
        const auto ready = co_await wait(direction);
        if (!ready) co_return std::unexpected(ready.error());
        if (!socket_.is_open()) co_return closed("the connection is closed");
        const std::string_view rest = std::string_view(unsent_).substr(written);
        const auto transfer = write_once(std::span(&rest, 1));
        if (!transfer) co_return std::unexpected(transfer.error());
        written += transfer->bytes;
        direction = transfer->progress == Progress::want_read ? Direction::read : Direction::write;
    }
    unsent_ = std::string(); // gives the memory back, too
    co_return Result<void>();
}

void Stream::watch(StreamObserver* observer) {
    observer_ = observer;
    if (observer_ == nullptr || !readiness_) return;
    if (tls_ && tls_->has_buffered()) return; // pipelined bytes: leaving shows at the next write
    if (readiness_->state().has_unread()) readiness_->state().tell_soon();
}

void Stream::check_watched() {
    if (observer_ == nullptr) return;
    if (tls_) {
        const auto peeked = tls_->peek();
        if (!peeked) return observer_->on_departure(Departure::closed);
        return note_blocked(static_cast<Progress>(peeked->progress));
    }
    char byte = 0;
    const ssize_t received = ::recv(socket_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (received < 0 && would_block(errno)) return readiness_->state().note_unreadable();
    if (received <= 0) observer_->on_departure(Departure::closed);
}

bool Stream::is_idle_and_open() {
    if (!socket_.is_open() || (tls_ && tls_->has_buffered())) return false;
    char byte = 0;
    return ::recv(socket_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && would_block(errno);
}

bool Stream::seems_idle_and_open() {
    const bool is_known = readiness_ && !tls_ && readiness_->state().was_looked_at_since();
    return is_known && !readiness_->state().has_unread() ? true : is_idle_and_open();
}

} // namespace tollgate::runtime
