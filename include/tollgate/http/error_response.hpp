// The one table from Error to HTTP: status, type, body (contract §3). Nothing else builds an error body.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/base/ids.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tollgate::http {

int status_of(base::ErrorCode code);
std::string_view type_of(base::ErrorCode code); // "rate_limit_error"

/// {"error":{"message","type","param","code","reason"}}
std::string error_body(const base::Error& error);

/// The event that ends a stream that failed after its 200: "data: {…}\n\n".
std::string error_event(const base::Error& error);

/// Whole seconds from 1 to 60 for Retry-After; nothing if the error has no time.
std::optional<int> retry_after_seconds(const base::Error& error);

/// "Not Found" for 404; "Unknown" for what RFC 9110 §15 and RFC 6585 do not name.
std::string_view reason_phrase(int status);

} // namespace tollgate::http
