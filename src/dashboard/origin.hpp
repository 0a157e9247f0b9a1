// Does a request that changes something come from our own page, or from no page at all? Browsers say so in
// Origin and Sec-Fetch-Site (Fetch §3.1, Fetch Metadata); a script sends neither. Pure.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/http/head.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::dashboard {

/// How the client reached us.
enum class Scheme { http, https };

/// Https when we speak TLS ourselves, or when a trusted proxy says in X-Forwarded-Proto that it did.
struct SchemeFacts {
    Scheme own = Scheme::http;
    std::string_view peer{};
    const std::vector<std::string>& trusted_proxies;
};
Scheme scheme_of(const http::Fields& fields, const SchemeFacts& facts);

/// Error: cross_origin.
base::Result<void> check_origin(const http::Fields& fields, Scheme scheme);

/// A body that a form of another site cannot send. Error: unsupported_media_type.
base::Result<void> check_content_type(const http::Fields& fields);

/// The value of a cookie. Nothing when it is absent, or when two of that name differ: then one was planted.
std::optional<std::string_view> find_cookie(const http::Fields& fields, std::string_view name);

} // namespace tollgate::dashboard
