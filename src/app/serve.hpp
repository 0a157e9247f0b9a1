// `tollgate serve`: runs the gateway until it is told to stop.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/config/config.hpp"

#include <functional>

namespace tollgate::app {

/// Reads the settings again, for SIGHUP. Error: invalid_configuration with every fault.
using ConfigReader = std::function<base::Result<config::Config>()>;

/// Returns after the drain. Error: what could not be opened or set up, and why.
base::Result<void> serve(const config::Config& config, ConfigReader read_again);

} // namespace tollgate::app
