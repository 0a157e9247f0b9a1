#include "tollgate/http/responder.hpp"

#include "tollgate/base/check.hpp"
#include "tollgate/http/byte_search.hpp"
#include "tollgate/http/error_response.hpp"
#include "tollgate/runtime/own_frame.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace tollgate::http {

namespace {

using base::Result;
using runtime::Task;

std::string status_line(int status) {
    return "HTTP/1.1 " + std::to_string(status) + ' ' + std::string(reason_phrase(status)) + "\r\n";
}

/// "1a2b\r\n", as a chunk begins (RFC 9112 §7.1).
std::string_view write_chunk_size(std::array<char, 24>& space, std::size_t size) {
    char* end = std::to_chars(space.data(), space.data() + 16, size, 16).ptr;
    *end++ = '\r';
    *end++ = '\n';
    return {space.data(), end};
}

} // namespace

void Responder::add_field(std::string_view name, std::string_view value) {
    head_.append(name);
    add_value(value);
}

void Responder::add_value(std::string_view value) {
    head_.append(": ");
    head_.append(value);
    const char* const end = value.data() + value.size();
    if (find_byte<IsControl>(value.data(), end) != end) {
        const std::string_view written = head_.view();
        char* const last = head_.data() + written.size();
        std::replace_if(last - value.size(), last, IsControl::is, ' ');
    }
    head_.append("\r\n");
}

void Responder::add_value(std::int64_t value) {
    head_.append(": ");
    head_.append(value);
    head_.append("\r\n");
}

void Responder::add_value(base::Money value) {
    head_.append(": ");
    head_.append(value);
    head_.append("\r\n");
}

void Responder::begin_head(int status, std::string_view content_type) {
    TG_CHECK(!has_begun());
    status_ = status;
    if (!content_type.empty()) {
        head_.prepend("\r\n");
        head_.prepend(content_type);
        head_.prepend("content-type: ");
    }
    if (status == 200) {
        head_.prepend("HTTP/1.1 200 OK\r\n");
    } else {
        head_.prepend(status_line(status));
    }
    if (!mode_.may_keep_alive || closes_) head_.append("connection: close\r\n");
}

Result<bool> Responder::put(std::span<const std::string_view> pieces) {
    for (const std::string_view piece : pieces) bytes_sent_ += piece.size();
    return stream_.try_write(pieces);
}

TG_OWN_FRAME Task<Result<void>> Responder::flush() {
    stream_.expires_after(mode_.stall_time, base::ErrorCode::client_gone);
    const auto flushed = co_await stream_.flush();
    stream_.expires_after(std::chrono::milliseconds(0), base::ErrorCode::client_gone);
    co_return flushed;
}

Task<Result<void>> Responder::send(int status, std::string_view content_type, std::string_view body) {
    begin_head(status, content_type);
    const bool has_no_body = status == 204 || status == 304;
    if (!has_no_body) {
        head_.append("content-length: ");
        head_.append(static_cast<std::int64_t>(body.size()));
        head_.append("\r\n");
    }
    head_.append("\r\n");
    const std::array<std::string_view, 2> pieces{
        head_.view(), mode_.is_head_request || has_no_body ? std::string_view{} : body};
    const auto turned = co_await stream_.turn_end();
    if (!turned) co_return std::unexpected(turned.error());
    const auto sent = put(pieces);
    head_ = HeadText();
    if (!sent) co_return std::unexpected(sent.error());
    if (!*sent) {
        const auto flushed = co_await flush();
        if (!flushed) co_return std::unexpected(flushed.error());
    }
    finished_ = true;
    co_return Result<void>();
}

Task<Result<void>> Responder::start(int status, std::string_view content_type) {
    if (mode_.minor_version == 0)
        mode_.may_keep_alive = false; // the end of the connection is the end of the body
    begin_head(status, content_type);
    if (mode_.minor_version > 0) head_.append("transfer-encoding: chunked\r\n");
    head_.append("\r\n");
    const std::array<std::string_view, 1> pieces{head_.view()};
    const auto sent = put(pieces);
    head_ = HeadText();
    if (!sent) co_return std::unexpected(sent.error());
    if (!*sent) co_return co_await flush();
    co_return Result<void>();
}

Task<Result<void>> Responder::write(std::string_view piece) {
    if (piece.empty() || mode_.is_head_request) co_return Result<void>();
    std::array<char, 24> space;
    std::array<std::string_view, 3> pieces{std::string_view(), piece, std::string_view()};
    if (mode_.minor_version > 0) {
        pieces[0] = write_chunk_size(space, piece.size());
        pieces[2] = "\r\n";
    }
    const auto sent = put(pieces);
    if (!sent) co_return std::unexpected(sent.error());
    if (!*sent) co_return co_await flush();
    co_return Result<void>();
}

Task<Result<void>> Responder::finish(std::string_view last_piece) {
    std::array<char, 24> space;
    std::array<std::string_view, 4> pieces{};
    const bool chunked = mode_.minor_version > 0 && !mode_.is_head_request;
    if (!last_piece.empty() && !mode_.is_head_request) pieces[1] = last_piece;
    if (chunked && !last_piece.empty()) {
        pieces[0] = write_chunk_size(space, last_piece.size());
        pieces[2] = "\r\n";
    }
    if (chunked) pieces[3] = "0\r\n\r\n";
    const auto sent = put(pieces);
    if (!sent) co_return std::unexpected(sent.error());
    if (!*sent) {
        const auto flushed = co_await flush();
        if (!flushed) co_return std::unexpected(flushed.error());
    }
    finished_ = true;
    co_return Result<void>();
}

} // namespace tollgate::http
