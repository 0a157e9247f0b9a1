// ${NAME}, ${NAME:-default} and ${file:PATH} inside a setting. Pure but for the lookups that it is given.
#pragma once

#include "tollgate/config/load_config.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace tollgate::config {

/// Replaces every reference; `$${` stands for a literal `${`. A default may hold references itself and
/// applies to a variable that is not set or empty. One line end at the end of a file is dropped. The
/// unexpected value is the fault's message; it never quotes what a variable or a file holds.
std::expected<std::string, std::string> expand(std::string_view text, const Environment& environment);

} // namespace tollgate::config
