#include "tollgate/upstream/connection.hpp"

#include <algorithm>
#include <utility>

namespace tollgate::upstream {

namespace {

using base::ErrorCode;
using base::Result;
using runtime::Task;

constexpr http::HeadLimits head_limits{.bytes = 64UL * 1024, .fields = 200};
constexpr int most_interim_answers = 5;

std::unexpected<base::Error> invalid(std::string message) {
    return base::fail(ErrorCode::invalid_response, base::ErrorSource::upstream, std::move(message));
}

} // namespace

Result<bool> Connection::send(std::span<const std::string_view> pieces) {
    ++requests_;
    any_byte_ = false;
    body_done_ = false;
    return stream_.try_write(pieces);
}

std::optional<std::string_view> Connection::take_surplus() {
    if (surplus_.empty()) return std::nullopt;
    given_ = std::exchange(surplus_, std::string());
    return std::string_view(given_);
}

Task<Result<void>> Connection::read_head(AnswerHead& answer) {
    for (int answers = 0; answers <= most_interim_answers; ++answers) {
        std::string bytes;
        std::size_t scanned = 0;
        std::size_t size = 0;
        while (size == 0) {
            auto more = take_surplus();
            if (!more) {
                const auto buffer = worker_.read_buffer();
                const auto read = co_await stream_.read_some(buffer);
                if (!read) co_return std::unexpected(read.error());
                any_byte_ = true;
                more.emplace(buffer.data(), *read);
            }
            const std::size_t before = bytes.size();
            // As a rule all of it has come at once, and some of the body behind it.
            size = before == 0 ? http::find_head_end(*more, scanned) : 0;
            bytes.append(size > 0 ? more->substr(0, size) : *more);
            if (size > 0) {
                surplus_.assign(more->substr(size));
                break;
            }
            size = http::find_head_end(bytes, scanned);
            if (size > 0) {
                surplus_ = bytes.substr(size);
                bytes.resize(size);
            } else if (bytes.size() > head_limits.bytes) {
                co_return invalid("the provider's answer has an endless head");
            }
        }
        answer.bytes = std::move(bytes);
        auto head = http::parse_response_head(answer.bytes, "POST", head_limits);
        if (!head) co_return std::unexpected(head.error());
        if (head->status >= 200) {
            answer.head = std::move(*head);
            begin_body(answer.head);
            co_return Result<void>();
        }
    }
    co_return invalid("the provider sends interim answers without end");
}

void Connection::begin_body(const http::ResponseHead& head) {
    framing_ = head.framing;
    keep_alive_ = head.keep_alive;
    left_ = head.framing.length;
    chunks_ = http::ChunkedReader();
    broken_ = false;
    const bool empty = framing_.kind == http::Framing::Kind::none ||
                       (framing_.kind == http::Framing::Kind::length && left_ == 0);
    body_done_ = empty;
}

std::optional<std::string> Connection::take_body() {
    const bool is_here =
        !body_done_ && framing_.kind == http::Framing::Kind::length && left_ == surplus_.size();
    if (!is_here) return std::nullopt;
    left_ = 0;
    body_done_ = true;
    return std::exchange(surplus_, std::string());
}

Task<Result<std::string_view>> Connection::read_body() {
    while (!body_done_) {
        if (broken_) co_return invalid("the provider's chunked body is broken");
        auto bytes = take_surplus();
        if (!bytes) {
            const auto buffer = worker_.read_buffer();
            const auto read = co_await stream_.read_some(buffer);
            if (!read && ends_body(read.error())) break;
            if (!read) co_return std::unexpected(read.error());
            bytes.emplace(buffer.data(), *read);
        }
        const std::string_view payload = take_payload(*bytes);
        if (!payload.empty()) co_return payload;
    }
    co_return std::string_view();
}

/// No length and no chunks: only the end of the connection tells, and it cannot tell a cut from an end.
bool Connection::ends_body(const base::Error& error) {
    const bool ends =
        framing_.kind == http::Framing::Kind::until_close && error.code == ErrorCode::connection_closed;
    if (ends) {
        body_done_ = true;
        keep_alive_ = false;
    }
    return ends;
}

std::string_view Connection::take_payload(std::string_view bytes) {
    switch (framing_.kind) {
    case http::Framing::Kind::chunked: return take_chunks(bytes);
    case http::Framing::Kind::length: return take_sized(bytes);
    default: return bytes;
    }
}

std::string_view Connection::take_sized(std::string_view bytes) {
    const std::string_view payload =
        bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
    left_ -= payload.size();
    body_done_ = left_ == 0;
    if (payload.size() < bytes.size()) keep_alive_ = false; // surplus bytes: not to be trusted again
    return payload;
}

std::string_view Connection::take_chunks(std::string_view bytes) {
    std::string joined; // payload of several chunks in one read
    std::string_view payload;
    while (!bytes.empty() && !chunks_.is_done()) {
        const auto step = chunks_.next(bytes);
        broken_ = !step; // told behind what came before it
        if (broken_) break;
        bytes.remove_prefix(step->consumed);
        if (step->payload.empty()) continue;
        if (payload.empty()) {
            payload = step->payload;
            continue;
        }
        if (joined.empty()) joined.assign(payload);
        joined.append(step->payload);
        payload = joined;
    }
    if (!bytes.empty()) keep_alive_ = false;
    body_done_ = chunks_.is_done() && !broken_;
    if (joined.empty()) return payload;
    given_ = std::move(joined);
    return given_;
}

} // namespace tollgate::upstream
