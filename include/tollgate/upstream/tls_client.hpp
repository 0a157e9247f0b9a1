// TLS towards providers: verification always on, with the system's authorities or a configured file.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/upstream/provider.hpp"

#include <string>

namespace tollgate::upstream {

/// Empty `authority_file`: the system's store. Error: invalid_configuration.
base::Result<TlsClient> make_tls_client(const std::string& authority_file);

} // namespace tollgate::upstream
