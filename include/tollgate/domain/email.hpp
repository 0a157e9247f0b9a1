// E-mail addresses of accounts: one written form for each, so that an account is found and made once. Pure.
#pragma once

#include "tollgate/base/error.hpp"

#include <string>
#include <string_view>

namespace tollgate::domain {

inline constexpr std::size_t max_email_length = 254;

/// The address without blanks around it and in lower case (ASCII). Error: invalid_field, `email`, for what
/// has no name and host, blanks, control characters, quotes or other delimiters within, or too many bytes.
base::Result<std::string> normalise_email(std::string_view text);

} // namespace tollgate::domain
