// Follows the chunked transfer coding (RFC 9112 §7.1) strictly: no bare LF, no space before a size, bounded
// extensions (ignored), trailers dropped. Works on bytes split anywhere and copies nothing.
#pragma once

#include "tollgate/base/error.hpp"

#include <cstdint>
#include <string_view>

namespace tollgate::http {

class ChunkedReader {
public:
    struct Step {
        std::size_t consumed = 0;   // bytes of the input that are done with
        std::string_view payload{}; // body bytes in it, possibly empty
    };

    /// Reads on; call it until `consumed` is the whole input or is_done(). Progress is made on every call
    /// with input. Error: malformed_request (the caller translates it for an upstream's body).
    base::Result<Step> next(std::string_view bytes);

    /// The last chunk and the trailer section have been read.
    bool is_done() const { return state_ == State::done; }

private:
    enum class State {
        size_start,
        size,
        extension,
        size_line_feed,
        data,
        data_return,
        data_line_feed,
        trailer_start,
        trailer_name,
        trailer_value,
        trailer_line_feed,
        last_line_feed,
        done
    };
    bool read_framing(unsigned char byte); // false: refused
    bool read_size(unsigned char byte);
    bool read_trailer(unsigned char byte);
    bool expect(unsigned char byte, unsigned char wanted, State next);

    State state_ = State::size_start;
    std::uint64_t left_ = 0;
    std::size_t digits_ = 0;
    std::size_t overhead_ = 0; // bytes of extensions and trailers so far
};

} // namespace tollgate::http
