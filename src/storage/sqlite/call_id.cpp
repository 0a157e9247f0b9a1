#include "storage/sqlite/call_id.hpp"

#include <cstdint>
#include <optional>

namespace tollgate::storage::sqlite {

namespace {

constexpr std::string_view prefix = "req_";
constexpr std::string_view digits = "0123456789abcdef";

/// Lower case only: what is unpacked has to be what was packed.
std::optional<unsigned> value_of(char digit) {
    if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
    if (digit >= 'a' && digit <= 'f') return static_cast<unsigned>(digit - 'a') + 10;
    return std::nullopt;
}

} // namespace

CallId::CallId(std::string_view text) : text_(text) {
    if (text.size() != prefix.size() + 2 * packed_size || !text.starts_with(prefix)) return;
    for (std::size_t index = 0; index < packed_size; ++index) {
        const auto high = value_of(text[prefix.size() + 2 * index]);
        const auto low = value_of(text[prefix.size() + 2 * index + 1]);
        if (!high || !low) return;
        bytes_[index] = static_cast<char>(static_cast<std::uint8_t>(*high << 4 | *low));
    }
    is_packed_ = true;
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

} // namespace tollgate::storage::sqlite
