// From settings to what the line works with: providers with their TLS, the router, the catalogue. Runs at
// start and at reload.
#pragma once

#include "tollgate/config/config.hpp"
#include "tollgate/gateway/gateway.hpp"

#include <memory>

namespace tollgate::app {

/// What is counted apart: the endpoints, and the providers of the settings at start.
telemetry::MetricLabels metric_labels(const config::Config& config);

/// Error: invalid_configuration (prices or a certificate authority that cannot be read).
base::Result<std::shared_ptr<const gateway::GatewaySnapshot>>
make_snapshot(const config::Config& config, const telemetry::MetricLabels& labels);

gateway::GatewaySettings gateway_settings(const config::Config& config);

} // namespace tollgate::app
