// A call's id as the books keep it (migrations/0011_calls.sql): the digits of an id of our own making as 16
// bytes, any other as it is. Plain value; borrows the text that it was made from.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace tollgate::storage::sqlite {

class CallId {
public:
    explicit CallId(std::string_view text);

    /// Is it `bytes()`, to be stored as a BLOB, or `text()`, to be stored as TEXT?
    bool is_packed() const { return is_packed_; }
    std::string_view bytes() const { return {bytes_.data(), bytes_.size()}; }
    std::string_view text() const { return text_; }

private:
    static constexpr std::size_t packed_size = 16;

    std::string_view text_;
    std::array<char, packed_size> bytes_{};
    bool is_packed_ = false;
};

/// The text of an id that was stored as these bytes.
std::string unpack_call_id(std::string_view bytes);

} // namespace tollgate::storage::sqlite
