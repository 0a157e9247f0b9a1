// Base64 for URLs, without padding (RFC 4648 §5), as JSON Web Tokens use it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tollgate::dashboard {

std::string to_base64url(std::span<const std::uint8_t> bytes);
std::string to_base64url(std::string_view bytes);

/// Nothing for what to_base64url could not have written: another character, a length of 1 modulo 4, or bits
/// set that stand for no byte.
std::optional<std::string> from_base64url(std::string_view text);

} // namespace tollgate::dashboard
