// What the machine calls itself, for people who look at a list of nodes.
#pragma once

#include <string>

namespace tollgate::app {

/// Empty when the system does not say.
std::string host_name();

} // namespace tollgate::app
