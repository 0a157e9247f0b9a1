#include "tollgate/http/chunked.hpp"

#include "http/characters.hpp"

#include <algorithm>

namespace tollgate::http {

namespace {

constexpr std::size_t overhead_limit = 16 * 1024;
constexpr std::size_t digits_limit = 16; // of a size: what fits into 64 bits

constexpr unsigned hex_value(unsigned char byte) {
    return byte <= '9' ? byte - '0' : (byte | 0x20u) - 'a' + 10u;
}

bool is_of(std::uint8_t classes, unsigned char byte) {
    return is_a(classes, static_cast<char>(byte));
}

} // namespace

base::Result<ChunkedReader::Step> ChunkedReader::next(std::string_view bytes) {
    std::size_t at = 0;
    while (at < bytes.size() && state_ != State::done) {
        if (state_ == State::data) {
            const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - at));
            left_ -= size;
            if (left_ == 0) state_ = State::data_return;
            return Step{.consumed = at + size, .payload = bytes.substr(at, size)};
        }
        if (!read_framing(static_cast<unsigned char>(bytes[at]))) {
            return base::reject(base::ErrorCode::malformed_request, "The chunked body is malformed.");
        }
        ++at;
    }
    return Step{.consumed = at};
}

bool ChunkedReader::read_framing(unsigned char byte) {
    switch (state_) {
    case State::size_start:
    case State::size:
    case State::extension: return read_size(byte);
    case State::size_line_feed: return expect(byte, '\n', left_ == 0 ? State::trailer_start : State::data);
    case State::data_return: return expect(byte, '\r', State::data_line_feed);
    case State::data_line_feed: return expect(byte, '\n', State::size_start);
    case State::trailer_line_feed: return expect(byte, '\n', State::trailer_start);
    case State::last_line_feed: return expect(byte, '\n', State::done);
    case State::trailer_start:
    case State::trailer_name:
    case State::trailer_value: return read_trailer(byte);
    case State::data:
    case State::done: break;
    }
    return false;
}

bool ChunkedReader::read_size(unsigned char byte) {
    if (state_ == State::size_start) {
        if (!is_of(character::hex, byte)) return false;
        state_ = State::size;
        left_ = hex_value(byte);
        digits_ = 1;
        return true;
    }
    if (byte == '\r') return expect(byte, '\r', State::size_line_feed);
    if (state_ == State::size && is_of(character::hex, byte)) {
        left_ = left_ * 16 + hex_value(byte);
        return ++digits_ <= digits_limit;
    }
    if (state_ == State::size && byte != ';') return false;
    state_ = State::extension;
    return is_of(character::value, byte) && ++overhead_ <= overhead_limit;
}

bool ChunkedReader::read_trailer(unsigned char byte) {
    if (++overhead_ > overhead_limit) return false;
    if (state_ == State::trailer_start) {
        if (byte == '\r') return expect(byte, '\r', State::last_line_feed);
        state_ = State::trailer_name;
        return is_of(character::token, byte);
    }
    if (state_ == State::trailer_name) {
        if (byte == ':') return expect(byte, ':', State::trailer_value);
        return is_of(character::token, byte);
    }
    if (byte == '\r') return expect(byte, '\r', State::trailer_line_feed);
    return is_of(character::value, byte);
}

bool ChunkedReader::expect(unsigned char byte, unsigned char wanted, State next) {
    state_ = next;
    return byte == wanted;
}

} // namespace tollgate::http
