#include "tollgate/http/responder.hpp"

#include "tollgate/base/check.hpp"
#include "tollgate/http/error_response.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace tollgate::http {

namespace {

using base::Result;
using runtime::Task;

constexpr std::size_t usual_fields_size = 768;

void append_number(std::string& text, std::int64_t value) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    text.append(digits.data(), end);
}

bool is_control(char byte) {
    return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f;
}

/// Looks at all of it, without a way out, so that the compiler can take many bytes at once.
bool has_control(std::string_view value) {
    unsigned found = 0;
    for (const char byte : value) found |= is_control(byte) ? 1U : 0U;
    return found != 0;
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
    if (fields_.empty()) fields_.reserve(usual_fields_size);
    fields_.append(name).append(": ").append(value);
    if (has_control(value)) {
        const auto begin = fields_.end() - static_cast<std::ptrdiff_t>(value.size());
        std::replace_if(begin, fields_.end(), is_control, ' ');
    }
    fields_.append("\r\n");
}

void Responder::add_field(std::string_view name, std::int64_t value) {
    fields_.append(name).append(": ");
    append_number(fields_, value);
    fields_.append("\r\n");
}

void Responder::begin_head(int status, std::string_view content_type) {
    TG_CHECK(!has_begun());
    status_ = status;
    head_.reserve(fields_.size() + 192);
    head_.append("HTTP/1.1 ");
    append_number(head_, status);
    head_.append(" ").append(reason_phrase(status)).append("\r\n");
    if (!content_type.empty()) head_.append("content-type: ").append(content_type).append("\r\n");
    head_.append(fields_);
    fields_ = std::string();
    if (!mode_.may_keep_alive || closes_) head_.append("connection: close\r\n");
}

Task<Result<void>> Responder::put(std::span<const std::string_view> pieces) {
    for (const std::string_view piece : pieces) bytes_sent_ += piece.size();
    const auto written = stream_.try_write(pieces);
    if (!written) co_return std::unexpected(written.error());
    if (*written) co_return Result<void>();
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
        append_number(head_, static_cast<std::int64_t>(body.size()));
        head_.append("\r\n");
    }
    head_.append("\r\n");
    const std::array<std::string_view, 2> pieces{
        head_, mode_.is_head_request || has_no_body ? std::string_view{} : body};
    const auto sent = co_await put(pieces);
    if (sent) finished_ = true;
    head_ = std::string();
    co_return sent;
}

Task<Result<void>> Responder::start(int status, std::string_view content_type) {
    if (mode_.minor_version == 0)
        mode_.may_keep_alive = false; // the end of the connection is the end of the body
    begin_head(status, content_type);
    if (mode_.minor_version > 0) head_.append("transfer-encoding: chunked\r\n");
    head_.append("\r\n");
    const std::array<std::string_view, 1> pieces{head_};
    const auto sent = co_await put(pieces);
    head_ = std::string();
    co_return sent;
}

Task<Result<void>> Responder::write(std::string_view piece) {
    if (piece.empty() || mode_.is_head_request) co_return Result<void>();
    if (mode_.minor_version == 0) {
        const std::array<std::string_view, 1> pieces{piece};
        co_return co_await put(pieces);
    }
    std::array<char, 24> space;
    const std::array<std::string_view, 3> pieces{write_chunk_size(space, piece.size()), piece, "\r\n"};
    co_return co_await put(pieces);
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
    const auto sent = co_await put(pieces);
    if (sent) finished_ = true;
    co_return sent;
}

} // namespace tollgate::http
