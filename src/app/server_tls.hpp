// TLS towards clients: certificate and key from the settings.
#pragma once

#include "tollgate/config/config.hpp"

#include <memory>

struct ssl_ctx_st;

namespace tollgate::app {

/// Error: invalid_configuration naming the file.
base::Result<std::shared_ptr<ssl_ctx_st>> make_server_tls(const config::Server::Tls& settings);

} // namespace tollgate::app
