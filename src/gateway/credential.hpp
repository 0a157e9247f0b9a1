// Finds the key in a request's fields (contract §2). Pure.
#pragma once

#include "tollgate/http/head.hpp"

#include <string_view>

namespace tollgate::gateway {

/// From Authorization: Bearer, x-api-key, api-key, x-goog-api-key. Errors: missing_key, ambiguous_credential
/// (two different ones), invalid_key (not of a key's form).
base::Result<std::string_view> find_credential(const http::Fields& fields);

} // namespace tollgate::gateway
