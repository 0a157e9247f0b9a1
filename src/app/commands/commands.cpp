#include "app/commands/commands.hpp"

namespace tollgate::app {

void add_config_option(CLI::App& command, CommonOptions& options) {
    command.add_option("--config", options.config_file, "Configuration file; without it the defaults apply")
        ->type_name("FILE");
}

void add_json_option(CLI::App& command, CommonOptions& options) {
    command.add_flag("--json", options.json, "Print the result as JSON, for scripts");
}

base::Result<config::Config> load_config(const CommonOptions& options, const Terminal& terminal) {
    if (options.config_file.empty()) return config::default_config(terminal.environment);
    auto loaded = config::load_config_file(options.config_file, terminal.environment);
    if (loaded.faults.empty()) return std::move(loaded.config);
    return base::reject(base::ErrorCode::invalid_configuration,
                        "the configuration has faults:\n" +
                            config::format_faults(loaded.faults, options.config_file));
}

} // namespace tollgate::app
