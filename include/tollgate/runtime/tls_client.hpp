// TLS towards servers: verification always on, with the system's authorities or a configured file. What is
// made is shared, read-only.
#pragma once

#include "tollgate/base/error.hpp"
#include <memory>
#include <string>

struct ssl_ctx_st;

namespace tollgate::runtime {

using TlsClient = std::shared_ptr<ssl_ctx_st>;

/// Empty `authority_file`: the system's store. Error: invalid_configuration.
base::Result<TlsClient> make_tls_client(const std::string& authority_file);

} // namespace tollgate::runtime
