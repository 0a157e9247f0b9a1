#include "tollgate/base/call_id.hpp"

#include <cstdint>

namespace tollgate::base {

namespace {

constexpr std::string_view prefix = "req_";
constexpr std::string_view digits = "0123456789abcdef";

constexpr std::uint8_t no_digit = 0x10;

/// By character. Lower case only: what is unpacked has to be what was packed.
constexpr auto values = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(no_digit);
    for (std::size_t value = 0; value < digits.size(); ++value)
        table[static_cast<std::uint8_t>(digits[value])] = static_cast<std::uint8_t>(value);
    return table;
}();

} // namespace

CallId::CallId(std::string_view text) : text_(text) {
    if (text.size() != prefix.size() + 2 * packed_size || !text.starts_with(prefix)) return;
    std::uint8_t seen = 0;
    for (std::size_t index = 0; index < packed_size; ++index) {
        const std::uint8_t high = values[static_cast<std::uint8_t>(text[prefix.size() + 2 * index])];
        const std::uint8_t low = values[static_cast<std::uint8_t>(text[prefix.size() + 2 * index + 1])];
        seen |= high | low;
        bytes_[index] = static_cast<char>(static_cast<std::uint8_t>(high << 4 | (low & 0x0F)));
    }
    is_packed_ = seen < no_digit;
}

std::string unpack_call_id(std::string_view bytes) {
    std::string text(prefix);
    for (const char each : bytes) {
        const auto value = static_cast<std::uint8_t>(each);
        text += digits[value >> 4];
        text += digits[value & 0x0F];
    }
    return text;
}

} // namespace tollgate::base
