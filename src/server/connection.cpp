#include "server/connection.hpp"

#include "tollgate/http/error_response.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/telemetry/log.hpp"

#include <sys/socket.h>

#include <string>
#include <utility>

namespace tollgate::server {

namespace {

using base::ErrorCode;
using base::Result;
using runtime::Task;

constexpr std::chrono::milliseconds linger_time{2'000};
constexpr std::size_t linger_bytes = 1024UL * 1024;
constexpr std::chrono::milliseconds none{0};

} // namespace

Connection::Connection(Listener& listener, runtime::FileDescriptor socket, std::string peer,
                       runtime::DrainGate::Pass pass)
    : listener_(listener),
      pass_(std::move(pass)),
      count_(listener.options_.metrics, telemetry::ConnectionSide::client),
      peer_(std::move(peer)),
      stream_(listener.worker_.services(), std::move(socket)) {}

void Connection::finish_soon() {
    if (waits_for_request_) stream_.interrupt(ErrorCode::draining);
}

Task<> Connection::serve() {
    if (listener_.options_.tls != nullptr) {
        stream_.expires_after(listener_.options_.limits.head_time, ErrorCode::request_timeout);
        const auto secured = co_await stream_.start_tls(*listener_.options_.tls, std::string());
        if (!secured) co_return;
    }
    bool again = true;
    while (again) again = co_await serve_one();
    stream_.close();
}

Task<Result<void>> Connection::read_head() {
    const http::ExchangeLimits& limits = listener_.options_.limits;
    std::size_t scanned = 0;
    bool begun = !input_.empty();
    // The drain began while this connection was not waiting: only a request that is here already is served.
    if (!begun && listener_.is_draining() && stream_.is_idle_and_open())
        co_return base::fail(ErrorCode::draining, base::ErrorSource::internal, "the server stops");
    stream_.expires_after(begun ? limits.head_time : limits.idle_time, ErrorCode::request_timeout);
    waits_for_request_ = !begun;
    for (;;) {
        const std::size_t size = http::find_head_end(input_, scanned);
        if (size > 0) {
            head_.assign(input_, 0, size);
            input_.erase(0, size);
            break;
        }
        if (input_.size() > limits.head.bytes)
            co_return base::reject(ErrorCode::head_too_large, "the request's head is larger than " +
                                                                  std::to_string(limits.head.bytes) +
                                                                  " bytes");
        const auto buffer = listener_.worker_.read_buffer();
        const auto read = co_await stream_.read_some(buffer);
        if (!read) co_return std::unexpected(read.error());
        if (!begun) stream_.expires_after(limits.head_time, ErrorCode::request_timeout);
        begun = true;
        waits_for_request_ = false;
        if (take_whole_head(std::string_view(buffer.data(), *read))) break;
        input_.append(buffer.data(), *read);
    }
    stream_.expires_after(none, ErrorCode::request_timeout);
    co_return Result<void>();
}

/// The usual case: a head in one piece, and the body behind it, which is moved once and not twice.
bool Connection::take_whole_head(std::string_view bytes) {
    if (!input_.empty()) return false;
    std::size_t scanned = 0;
    const std::size_t size = http::find_head_end(bytes, scanned);
    if (size == 0) return false;
    head_.assign(bytes, 0, size);
    input_.assign(bytes, size);
    return true;
}

Task<bool> Connection::serve_one() {
    const auto read = co_await read_head();
    if (!read) {
        const bool silent = input_.empty() || read.error().code == ErrorCode::connection_closed;
        if (!silent) co_await refuse(read.error());
        co_return false;
    }
    const auto head = http::parse_request_head(head_, listener_.options_.limits.head);
    if (!head) {
        co_await refuse(head.error());
        co_return false;
    }
    http::ResponseMode mode;
    mode.may_keep_alive = head->keep_alive && head->minor_version > 0 && !listener_.is_draining();
    mode.is_head_request = head->method == "HEAD";
    mode.minor_version = head->minor_version;
    mode.stall_time = listener_.options_.limits.body_time;
    http::Transport transport{listener_.worker_, stream_, input_, peer_, listener_.options_.limits};
    http::Exchange exchange(transport, *head, mode);
    co_await listener_.handler_.serve(exchange);
    const bool is_usual =
        exchange.responder().keeps_alive() && exchange.is_body_read() && !listener_.is_draining();
    if (!is_usual) co_return co_await end_exchange(exchange);
    stream_.clear_interruption();
    co_return true;
}

Task<bool> Connection::end_exchange(http::Exchange& exchange) {
    if (!exchange.responder().is_finished()) co_return false; // cut: it must not look complete
    stream_.clear_interruption();
    if (!exchange.responder().keeps_alive() || listener_.is_draining()) {
        // A second request behind this one, or a body that nobody read.
        const bool has_unread = !exchange.is_body_read() || !input_.empty() || !stream_.is_idle_and_open();
        if (has_unread) co_await linger();
        co_return false;
    }
    if (exchange.is_body_read()) co_return true;
    const bool discarded = co_await exchange.discard_body();
    if (!discarded) co_await linger();
    co_return discarded;
}

Task<> Connection::refuse(const base::Error& error) {
    stream_.clear_interruption();
    const base::RequestId id = base::new_request_id(runtime::wall_now());
    telemetry::log_info("request refused", {{"request_id", std::string_view(id.text())},
                                            {"status", http::status_of(error.code)},
                                            {"reason", base::to_string(error.code)},
                                            {"client", std::string_view(peer_)}});
    co_await answer_refusal(error, id);
}

Task<> Connection::answer_refusal(const base::Error& error, const base::RequestId& id) {
    http::ResponseMode mode;
    mode.may_keep_alive = false;
    mode.stall_time = linger_time;
    http::Responder responder(stream_, mode);
    responder.add_field("x-request-id", id.text());
    if (const auto seconds = http::retry_after_seconds(error)) responder.add_field("retry-after", *seconds);
    const std::string body = http::error_body(error);
    const auto sent = co_await responder.send(http::status_of(error.code), "application/json", body);
    if (sent) co_await linger();
}

Task<> Connection::turn_away() {
    waits_for_request_ = true; // a drain need not wait for it
    stream_.expires_after(linger_time, ErrorCode::request_timeout);
    const auto buffer = listener_.worker_.read_buffer();
    // An answer before its request confuses clients.
    const auto read = co_await stream_.read_some(buffer);
    if (!read) co_return;
    const base::Error error{.code = ErrorCode::overloaded,
                            .message = "this gateway has as many connections as it takes",
                            .retry_after = std::chrono::seconds(1)};
    const base::RequestId id = base::new_request_id(runtime::wall_now());
    co_await answer_refusal(error, id);
}

Task<> Connection::linger() {
    // Closing with unread bytes resets the connection, and the client may lose the answer (RFC 9112 §9.6).
    ::shutdown(stream_.native_handle(), SHUT_WR);
    stream_.expires_after(linger_time, ErrorCode::request_timeout);
    std::size_t dropped = 0;
    while (dropped < linger_bytes) {
        const auto buffer = listener_.worker_.read_buffer();
        const auto read = co_await stream_.read_some(buffer);
        if (!read) co_return;
        dropped += *read;
    }
}

} // namespace tollgate::server
