// The leaves of JSON (RFC 8259 §6, §7): numbers, literals and the escapes of strings; and how many leaves an
// array has. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tollgate::http {

/// Exactly one number, whatever its size.
bool is_number(std::string_view token);

/// Exactly one of true, false and null.
bool is_literal(std::string_view token);

/// An escape at the front of bytes, from its backslash.
struct Escape {
    char32_t code_point = 0;
    std::size_t length = 0; // as it is written; 0: malformed
};
Escape read_escape(std::string_view bytes);

/// Bytes of a code point in UTF-8.
constexpr std::size_t utf8_size(char32_t code_point) {
    if (code_point < 0x80) return 1;
    if (code_point < 0x800) return 2;
    return code_point < 0x10000 ? 3 : 4;
}

/// How many elements an array has that is known to be good JSON and not empty; `array` is its text.
std::size_t count_elements(std::string_view array);

/// Appends the text between the quotes of a string, with its escapes read; false where one is malformed.
bool unescape(std::string_view raw, std::string& text);

} // namespace tollgate::http
