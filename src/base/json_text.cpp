#include "tollgate/base/json_text.hpp"

#include <cstdint>

namespace tollgate::base {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd"; // U+FFFD

std::uint8_t byte_at(std::string_view text, std::size_t index) {
    return static_cast<std::uint8_t>(text[index]);
}

bool is_plain(std::uint8_t byte) {
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

/// U+0080 to U+009F, which some terminals obey.
bool is_second_control(std::string_view text) {
    return text.size() > 1 && byte_at(text, 0) == 0xc2 && byte_at(text, 1) >= 0x80 && byte_at(text, 1) < 0xa0;
}

void append_unicode_escape(std::string& out, std::uint8_t code) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u00";
    out += digits[code >> 4];
    out += digits[code & 15];
}

void append_escape(std::string& out, std::uint8_t byte) {
    switch (byte) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: append_unicode_escape(out, byte);
    }
}

/// The range that the second byte must be in: it excludes overlong forms, surrogates and what is above
/// U+10FFFF.
bool is_second_byte(std::uint8_t first, std::uint8_t second) {
    const std::uint8_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const std::uint8_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    return second >= low && second <= high;
}

} // namespace

std::size_t utf8_sequence_length(std::string_view text) {
    if (text.empty()) return 0;
    const std::uint8_t first = byte_at(text, 0);
    if (first < 0x80) return 1;
    if (first < 0xc2 || first > 0xf4) return 0;
    const std::size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (text.size() < length || !is_second_byte(first, byte_at(text, 1))) return 0;
    for (std::size_t i = 2; i < length; ++i) {
        if ((byte_at(text, i) & 0xc0) != 0x80) return 0;
    }
    return length;
}

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        std::size_t plain = 0;
        while (plain < text.size() && is_plain(byte_at(text, plain))) ++plain;
        out.append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty()) break;
        const std::size_t length = utf8_sequence_length(text);
        if (is_second_control(text)) {
            append_unicode_escape(out, byte_at(text, 1));
        } else if (length > 1) {
            out.append(text.substr(0, length));
        } else if (length == 1) {
            append_escape(out, byte_at(text, 0));
        } else {
            out.append(replacement);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out += '"';
}

} // namespace tollgate::base
