#include "app/commands/commands.hpp"
#include "app/serve.hpp"

namespace tollgate::app {

namespace {

base::Result<void> run_gateway(const CommonOptions& options, Terminal& terminal) {
    const auto config = load_config(options, terminal);
    if (!config) return base::fail(config.error());
    return serve(*config, [&options, &terminal] { return load_config(options, terminal); });
}

} // namespace

void add_serve_command(CLI::App& program, Action& chosen) {
    auto* command = program.add_subcommand("serve", "Run the gateway until SIGTERM");
    auto& options = set_work(*command, chosen, run_gateway);
    add_config_option(*command, options);
    command->footer("Example:\n  tollgate serve --config /etc/tollgate/config.yaml\n\n"
                    "Without --config it runs on embedded storage in ./data, on 127.0.0.1:8080.");
}

} // namespace tollgate::app
