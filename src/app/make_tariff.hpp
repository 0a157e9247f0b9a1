// From settings to what calls are charged by: the price list with its overrides, the exchange, the zone of
// the calendar.
#pragma once

#include "tollgate/config/config.hpp"
#include "tollgate/gateway/tariff.hpp"

namespace tollgate::app {

/// A price list that cannot be read is an error only where somebody chose it: the default may be absent, then
/// no model has a price (and the log says so). Error: invalid_configuration.
base::Result<gateway::Tariff> make_tariff(const config::Config& config);

} // namespace tollgate::app
