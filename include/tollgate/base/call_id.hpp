// A call's id in few bytes, as the books (sqlite/migrations/0011_calls.sql) and the counters in Redis keep
// it: the digits of an id of our own making as 16 bytes, any other as it is. Plain value; borrows the text
// that it was made from.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace tollgate::base {

class CallId {
public:
    explicit CallId(std::string_view text);

    /// Is it `bytes()`, or `text()`?
    bool is_packed() const { return is_packed_; }
    std::string_view bytes() const { return {bytes_.data(), bytes_.size()}; }
    std::string_view text() const { return text_; }
    std::string_view shorter() const { return is_packed_ ? bytes() : text(); }

private:
    static constexpr std::size_t packed_size = 16;

    std::string_view text_;
    std::array<char, packed_size> bytes_{};
    bool is_packed_ = false;
};

/// The text of an id that was stored as these bytes.
std::string unpack_call_id(std::string_view bytes);

} // namespace tollgate::base
