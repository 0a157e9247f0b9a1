// Writing JSON by hand: for log lines, where no document is built, and for small settings. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tollgate::base {

/// Appends the text as a JSON string with its quotes (RFC 8259 §7). Control characters are escaped, and bytes
/// that are not UTF-8 become U+FFFD, so that the result is valid JSON on one line whatever came in.
void append_json_string(std::string& out, std::string_view text);

/// How many bytes the well-formed UTF-8 sequence at the beginning of `text` has (RFC 3629); 0: none is there.
std::size_t utf8_sequence_length(std::string_view text);

} // namespace tollgate::base
