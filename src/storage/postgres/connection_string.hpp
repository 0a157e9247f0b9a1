// From the URL in the settings to what libpq connects with: the same hosts and options, with our defaults for
// what the URL leaves open. Pure, apart from reading libpq's own defaults.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/base/secret.hpp"

#include <chrono>

namespace tollgate::storage::postgres {

/// Adds a connect timeout, keepalives, UTF-8, our name and, for several hosts, the search for the primary.
/// Error: invalid_configuration, without quoting the URL.
base::Result<base::Secret> connection_string(const base::Secret& url,
                                             std::chrono::milliseconds connect_timeout);

} // namespace tollgate::storage::postgres
