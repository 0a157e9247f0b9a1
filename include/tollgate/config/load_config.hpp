// Reads the configuration file: YAML with ${NAME} from the environment and ${file:PATH} from files. Reports
// every fault at once, each with the setting's path and its line. Called at start, on SIGHUP and by
// check-config.
#pragma once

#include "tollgate/config/config.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::config {

/// Where values outside the file come from; a test passes its own.
struct Environment {
    std::function<std::optional<std::string>(std::string_view name)> variable; // nothing: not set
    std::function<base::Result<std::string>(const std::string& path)> file;    // the content of a small file
};

/// The environment of this process and the file system.
Environment process_environment();

struct ConfigFault {
    std::string path{}; // "server.limits.body"; empty: the file as a whole
    int line = 0;       // from 1; 0: unknown
    std::string message{};
    friend bool operator==(const ConfigFault&, const ConfigFault&) = default;
};

/// With faults, `config` is not to be used.
struct LoadedConfig {
    Config config{};
    std::vector<ConfigFault> faults{}; // in the order of their lines
};

/// What applies without a file: the defaults, the session secret of TOLLGATE_SESSION_SECRET, and those of the
/// six well-known providers whose key is in the environment.
Config default_config(const Environment& environment);

/// Reads the text of a file. What it does not set has its default.
LoadedConfig load_config_text(std::string_view text, const Environment& environment);

/// Reads a file; an unreadable one is a fault without a line.
LoadedConfig load_config_file(const std::string& path, const Environment& environment);

/// One line for each fault: "FILE:LINE: path: message"; what is not known is left out.
std::string format_faults(const std::vector<ConfigFault>& faults, std::string_view origin);

} // namespace tollgate::config
