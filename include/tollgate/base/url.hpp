// An http or https URL in its parts, as far as a base address needs it: no user, query or fragment.
#pragma once

#include "tollgate/base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tollgate::base {

enum class UrlScheme { http, https };

std::string_view to_string(UrlScheme scheme);

struct Url {
    UrlScheme scheme = UrlScheme::https;
    std::string host{};       // lower case; an IPv6 address without its brackets
    std::uint16_t port = 443; // the scheme's own when the text names none
    std::string path{};       // "" or "/v1": without a slash at the end

    /// Reads "https://api.openai.com/v1". Error: invalid_field, with a message that says what is wrong but
    /// does not quote the text, which may hold a credential.
    static Result<Url> parse(std::string_view text);

    /// "api.openai.com", "127.0.0.1:8080", "[::1]:8080": the value of a Host header (RFC 9110 §7.2).
    std::string authority() const;

    friend bool operator==(const Url&, const Url&) = default;
};

/// The whole URL as text.
std::string to_string(const Url& url);

} // namespace tollgate::base
