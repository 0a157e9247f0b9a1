// What SIGHUP changes and what it leaves: providers, prices, routing, TLS files and the log level hold from
// the next call on; sockets, storage and the like wait for a restart. Pure.
#pragma once

#include "tollgate/config/config.hpp"

#include <string>
#include <vector>

namespace tollgate::app {

/// The running settings with what a reload takes over from the ones just read.
config::Config reloaded(const config::Config& running, const config::Config& read);

/// The settings that differ and that only a restart applies: "server.listen", "storage", …
std::vector<std::string> settings_for_restart(const config::Config& running, const config::Config& read);

} // namespace tollgate::app
