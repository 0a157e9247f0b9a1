#include "domain/text.hpp"

#include <cstdint>

namespace tollgate::domain {

namespace {

/// What the first byte of a sequence says about it.
struct Lead {
    std::size_t length = 0; // 0: no sequence begins so
    char32_t bits = 0;
    char32_t least = 0; // a smaller value would have had a shorter form
};

Lead read_lead(std::uint8_t byte) {
    if (byte < 0x80) return {.length = 1, .bits = byte, .least = 0};
    if (byte >= 0xC2 && byte < 0xE0) return {.length = 2, .bits = byte & 0x1FU, .least = 0x80};
    if (byte >= 0xE0 && byte < 0xF0) return {.length = 3, .bits = byte & 0x0FU, .least = 0x800};
    if (byte >= 0xF0 && byte < 0xF5) return {.length = 4, .bits = byte & 0x07U, .least = 0x10000};
    return {};
}

bool is_shown(char32_t character) {
    const bool control = character < 0x20 || (character >= 0x7F && character < 0xA0);
    const bool surrogate = character >= 0xD800 && character < 0xE000;
    return !control && !surrogate && character <= 0x10FFFF;
}

/// Takes one character off the front of `rest`; false: there is no good one.
bool take_shown_character(std::string_view& rest) {
    const Lead lead = read_lead(static_cast<std::uint8_t>(rest[0]));
    if (lead.length == 0 || rest.size() < lead.length) return false;
    char32_t character = lead.bits;
    for (std::size_t i = 1; i < lead.length; ++i) {
        const auto byte = static_cast<std::uint8_t>(rest[i]);
        if ((byte & 0xC0U) != 0x80U) return false;
        character = (character << 6U) | (byte & 0x3FU);
    }
    rest.remove_prefix(lead.length);
    return character >= lead.least && is_shown(character);
}

} // namespace

std::optional<std::size_t> count_characters(std::string_view text) {
    std::size_t count = 0;
    while (!text.empty()) {
        if (!take_shown_character(text)) return std::nullopt;
        ++count;
    }
    return count;
}

} // namespace tollgate::domain
