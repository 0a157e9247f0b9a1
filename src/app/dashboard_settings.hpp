// What the dashboard takes from the settings.
#pragma once

#include "tollgate/config/config.hpp"
#include "tollgate/dashboard/dashboard.hpp"
#include "tollgate/gateway/gateway.hpp"

#include <memory>

namespace tollgate::app {

/// Without a secret in the settings one is made: sessions then end with the process. Error:
/// invalid_configuration (time zone).
base::Result<std::shared_ptr<const dashboard::DashboardSettings>>
dashboard_settings(const config::Config& config, std::string node);

std::shared_ptr<const dashboard::ModelList> model_list(const gateway::GatewaySnapshot& snapshot);

} // namespace tollgate::app
