// The bytes of a record's fields: unsigned numbers as LEB128, signed ones zigzag first, text with its length
// in front. A reader never looks beyond its bytes; the first fault makes everything after it read as nothing.
// Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tollgate::storage::journal {

/// Longer text is cut when written: names and words of a record are short, and a record has a bound.
inline constexpr std::size_t longest_text = 1024;

/// Writes where it is told to; the caller has seen to the room (a text takes longest_text and two, a number
/// at most ten).
class FieldWriter {
public:
    explicit FieldWriter(char* at) : at_(at) {}

    void number(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) put(value | 0x80);
        put(value);
    }
    void signed_number(std::int64_t value) {
        const auto bits = static_cast<std::uint64_t>(value);
        number((bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0));
    }
    void text(std::string_view value) {
        const std::size_t size = std::min(value.size(), longest_text);
        number(size);
        std::memcpy(at_, value.data(), size);
        at_ += size;
    }

    /// Behind what was written.
    const char* end() const { return at_; }

private:
    void put(std::uint64_t byte) { *at_++ = static_cast<char>(static_cast<std::uint8_t>(byte)); }

    char* at_;
};

class FieldReader {
public:
    explicit FieldReader(std::string_view bytes) : rest_(bytes) {}
    std::uint64_t number() {
        // As a rule of one byte.
        const auto first = rest_.empty() ? std::uint8_t{0x80} : static_cast<std::uint8_t>(rest_.front());
        if (first >= 0x80) return long_number();
        rest_.remove_prefix(1);
        return first;
    }
    /// A number of at most `most`; a larger one is a fault.
    std::uint64_t number_up_to(std::uint64_t most);
    std::int64_t signed_number();
    /// Stands where it was read.
    std::string_view text();

    /// Everything was read and nothing was wrong.
    bool is_complete() const { return good_ && rest_.empty(); }

private:
    std::uint64_t long_number();
    void give_up();
    std::string_view rest_;
    bool good_ = true;
};

} // namespace tollgate::storage::journal
