// From settings to what the line works with: providers with their TLS, the router, the catalogue. Runs at
// start and at reload.
#pragma once

#include "tollgate/config/config.hpp"
#include "tollgate/gateway/gateway.hpp"

#include <memory>

namespace tollgate::app {

/// Error: invalid_configuration (a certificate authority that cannot be read).
base::Result<std::shared_ptr<const gateway::GatewaySnapshot>> make_snapshot(const config::Config& config);

gateway::GatewaySettings gateway_settings(const config::Config& config);

} // namespace tollgate::app
