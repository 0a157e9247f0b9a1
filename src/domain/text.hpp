// Text that people wrote: is it UTF-8 that can be shown on one line, and how many characters has it? Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace tollgate::domain {

/// The number of code points; nothing when `text` is not UTF-8 (RFC 3629: no overlong form, no surrogate) or
/// holds a control character (C0, DEL, C1).
std::optional<std::size_t> count_characters(std::string_view text);

} // namespace tollgate::domain
