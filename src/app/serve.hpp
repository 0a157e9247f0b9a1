// `tollgate serve`: runs the gateway until it is told to stop.
#pragma once

#include "tollgate/config/config.hpp"

namespace tollgate::app {

/// Returns after the drain. Error: what could not be opened or set up, and why.
base::Result<void> serve(const config::Config& config);

} // namespace tollgate::app
