#include "tollgate/http/exchange.hpp"

#include "tollgate/base/check.hpp"
#include "tollgate/http/chunked.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/runtime/own_frame.hpp"

#include <algorithm>
#include <array>

namespace tollgate::http {

namespace {

using base::ErrorCode;
using base::Result;
using runtime::Task;

/// An unread body up to this size is read and dropped to keep the connection; a longer one ends it.
constexpr std::uint64_t discard_limit = 64ULL * 1024;
constexpr std::size_t first_room = 64UL * 1024; // for a body, whatever length it announces

/// The client's choice; empty: it has none that we take.
std::string_view wanted_id(const RequestHead& head) {
    const std::string_view wanted = head.fields.find(FieldName::x_request_id);
    return base::is_well_formed_request_id(wanted) ? wanted : std::string_view();
}

/// What a broken read of the client's body means to the line.
std::unexpected<base::Error> client_fault(base::Error error) {
    error.source = base::ErrorSource::client;
    if (error.code == ErrorCode::connection_closed) error.code = ErrorCode::client_gone;
    return std::unexpected(std::move(error));
}

std::unexpected<base::Error> too_large(std::uint64_t limit) {
    return base::reject(ErrorCode::request_too_large, "the body is larger than " + std::to_string(limit) +
                                                          " bytes, the most this gateway takes");
}

} // namespace

Exchange::Exchange(Transport transport, const RequestHead& head, ResponseMode mode)
    : transport_(transport),
      head_(head),
      is_id_ours_(wanted_id(head).empty()),
      id_(is_id_ours_ ? base::new_request_id(runtime::wall_now())
                      : base::RequestId(std::string(wanted_id(head)))),
      received_at_(runtime::turn_now()),
      responder_(transport.stream, mode),
      body_read_(head.framing.kind == Framing::Kind::none) {
    responder_.add_field("x-request-id", id_.text());
    if (!may_discard_body()) responder_.close_after(); // unless the body is read after all
}

bool Exchange::may_discard_body() const {
    if (body_read_) return true;
    const bool small = head_.framing.kind == Framing::Kind::length && head_.framing.length <= discard_limit;
    return small && !head_.expects_continue;
}

Result<void> Exchange::check_before_reading() const {
    TG_CHECK(!body_read_ || head_.framing.kind == Framing::Kind::none);
    for (const Field& field : head_.fields) {
        if (field.known != FieldName::content_encoding) continue;
        if (field.value.empty() || equals_ignoring_case(field.value, "identity")) continue;
        return base::reject(ErrorCode::unsupported_media_type, "send the body without a content coding: '" +
                                                                   std::string(field.value) +
                                                                   "' is not taken");
    }
    if (head_.framing.kind == Framing::Kind::length && head_.framing.length > transport_.limits.body)
        return too_large(transport_.limits.body);
    return {};
}

void Exchange::finish_body(std::size_t size) {
    body_read_ = true;
    body_bytes_ = size;
    responder_.keep_after();
}

std::optional<std::string> Exchange::take_body() {
    const bool is_here = !body_read_ && head_.framing.kind == Framing::Kind::length &&
                         head_.framing.length == transport_.input.size();
    if (!is_here || !check_before_reading()) return std::nullopt;
    finish_body(transport_.input.size());
    return std::exchange(transport_.input, std::string());
}

TG_OWN_FRAME Task<Result<void>> Exchange::say_continue() {
    if (!head_.expects_continue || !transport_.input.empty()) co_return Result<void>();
    const std::array<std::string_view, 1> pieces{"HTTP/1.1 100 Continue\r\n\r\n"};
    const auto written = transport_.stream.try_write(pieces);
    if (!written) co_return client_fault(written.error());
    if (!*written) co_return co_await transport_.stream.flush();
    co_return Result<void>();
}

Task<Result<std::string>> Exchange::read_body() {
    const auto checked = check_before_reading();
    if (!checked) {
        if (checked.error().code == ErrorCode::unsupported_media_type)
            responder_.add_field("accept-encoding", "identity"); // RFC 9110 §15.5.16
        co_return std::unexpected(checked.error());
    }
    if (body_read_) co_return std::string();
    const auto told = co_await say_continue();
    if (!told) co_return std::unexpected(told.error());
    co_return co_await read_framed();
}

Task<Result<std::string>> Exchange::read_framed() {
    // One limit for the whole body: a client that drips does not renew it.
    transport_.stream.expires_after(transport_.limits.body_time, ErrorCode::request_timeout);
    Result<std::string> body;
    if (head_.framing.kind == Framing::Kind::length) {
        body = co_await read_sized();
    } else {
        body = co_await read_chunked();
    }
    transport_.stream.expires_after(std::chrono::milliseconds(0), ErrorCode::request_timeout);
    if (!body) {
        responder_.close_after(); // where the next request begins is not known
        // The wait was ended, not the connection: there is an answer to send.
        if (body.error().code == ErrorCode::request_timeout) transport_.stream.clear_interruption();
        co_return client_fault(body.error());
    }
    finish_body(body->size());
    co_return body;
}

Task<Result<std::string>> Exchange::read_sized() {
    const auto length = static_cast<std::size_t>(head_.framing.length);
    std::string& input = transport_.input;
    if (input.size() == length) co_return std::exchange(input, std::string());
    std::string body;
    std::size_t filled = std::min(length, input.size());
    body.assign(input, 0, filled);
    input.erase(0, filled);
    while (filled < length) {
        // Memory for what has come, not for what was announced.
        if (filled == body.size()) body.resize(std::min(length, std::max(first_room, 2 * filled)));
        const std::span<char> rest = std::span(body).subspan(filled);
        const auto read = co_await transport_.stream.read_some(rest);
        if (!read) co_return std::unexpected(read.error());
        filled += *read;
    }
    co_return body;
}

Task<Result<std::string_view>> Exchange::read_more() {
    const auto buffer = transport_.worker.read_buffer();
    const auto read = co_await transport_.stream.read_some(buffer);
    if (!read) co_return std::unexpected(read.error());
    co_return std::string_view(buffer.data(), *read);
}

TG_OWN_FRAME Task<Result<std::string>> Exchange::read_chunked() {
    ChunkedReader reader;
    std::string body;
    std::string first = std::exchange(transport_.input, std::string());
    std::string_view bytes = first;
    for (;;) {
        while (!bytes.empty() && !reader.is_done()) {
            const auto step = reader.next(bytes);
            if (!step) co_return std::unexpected(step.error());
            if (body.size() + step->payload.size() > transport_.limits.body)
                co_return too_large(transport_.limits.body);
            body.append(step->payload);
            bytes.remove_prefix(step->consumed);
        }
        if (reader.is_done()) break;
        const auto more = co_await read_more();
        if (!more) co_return std::unexpected(more.error());
        bytes = *more;
    }
    transport_.input.assign(bytes); // a pipelined request may follow
    co_return body;
}

Task<bool> Exchange::discard_body() {
    if (body_read_) co_return true;
    if (!may_discard_body()) co_return false;
    const auto body = co_await read_framed();
    co_return body.has_value();
}

} // namespace tollgate::http
