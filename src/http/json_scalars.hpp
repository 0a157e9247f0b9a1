// The leaves of JSON (RFC 8259 §6, §7): numbers, literals and the escapes of strings; and how many leaves an
// array has. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tollgate::http {

/// Exactly one number, whatever its size.
bool is_number(std::string_view token);

/// Exactly one of true, false and null.
bool is_literal(std::string_view token);

/// Are the escapes between the quotes of a string whole, and surrogates in pairs?
bool has_good_escapes(std::string_view raw);

/// How many bytes the text between the quotes of a string has once its escapes are read; nothing where
/// has_good_escapes is false.
std::optional<std::size_t> decoded_size(std::string_view raw);

/// How many elements an array has that is known to be good JSON and not empty; `array` is its text.
std::size_t count_elements(std::string_view array);

/// Appends the text between the quotes of a string; false where has_good_escapes would be.
bool unescape(std::string_view raw, std::string& text);

} // namespace tollgate::http
