// Which bytes may stand where in a message head, as one table (RFC 9110 §5.6.2, RFC 9112 §3, RFC 3986).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace tollgate::http {

namespace character {

inline constexpr std::uint8_t token = 1;
inline constexpr std::uint8_t value = 2; // of a field: HTAB, SP, visible ASCII, bytes above 0x7f
inline constexpr std::uint8_t target = 4;
inline constexpr std::uint8_t host = 8; // a name or an IPv4 address; narrower than RFC 3986's reg-name
inline constexpr std::uint8_t digit = 16;
inline constexpr std::uint8_t hex = 32;

constexpr bool is_in(std::string_view set, int byte) {
    return byte < 0x80 && set.find(static_cast<char>(byte)) != std::string_view::npos;
}

constexpr std::uint8_t classify(int byte) {
    const bool is_digit = byte >= '0' && byte <= '9';
    const int lower = byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte;
    const bool is_alphanumeric = is_digit || (lower >= 'a' && lower <= 'z');
    const bool is_visible = byte > 0x20 && byte < 0x7f;
    int classes = 0;
    if (is_alphanumeric || (is_visible && is_in("!#$%&'*+-.^_`|~", byte))) classes |= token;
    if (byte == '\t' || byte == ' ' || is_visible || byte > 0x7f) classes |= value;
    // A browser sends some bytes raw that RFC 3986 wants encoded; only those that parsers dispute are
    // refused.
    if (is_visible && !is_in("#\"<>\\", byte)) classes |= target;
    if (is_alphanumeric || is_in("-._~", byte)) classes |= host;
    if (is_digit) classes |= digit;
    if (is_digit || (lower >= 'a' && lower <= 'f')) classes |= hex;
    return static_cast<std::uint8_t>(classes);
}

constexpr std::array<std::uint8_t, 256> make_table() {
    std::array<std::uint8_t, 256> table{};
    for (int byte = 0; byte < 256; ++byte) table[static_cast<std::size_t>(byte)] = classify(byte);
    return table;
}

inline constexpr std::array<std::uint8_t, 256> table = make_table();

} // namespace character

constexpr bool is_a(std::uint8_t classes, char byte) {
    return (character::table[static_cast<unsigned char>(byte)] & classes) != 0;
}

/// Not empty and nothing but bytes of the class.
constexpr bool is_all(std::uint8_t classes, std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [classes](char byte) { return is_a(classes, byte); });
}

constexpr std::string_view trim_blanks(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// Calls `take` with every element of a comma-separated list, without blanks; empty elements are skipped.
template <class Take>
void for_each_element(std::string_view list, Take take) {
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        const std::string_view element = trim_blanks(list.substr(0, comma));
        if (!element.empty()) take(element);
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
}

} // namespace tollgate::http
