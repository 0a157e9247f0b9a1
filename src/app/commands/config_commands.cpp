#include "app/commands/commands.hpp"
#include "app/open_storage.hpp"

#include <nlohmann/json.hpp>

namespace tollgate::app {

namespace {

base::Result<void> check_config(const CommonOptions& options, Terminal& terminal) {
    const auto loaded = config::load_config_file(options.config_file, terminal.environment);
    if (options.json) {
        nlohmann::ordered_json faults = nlohmann::ordered_json::array();
        for (const auto& fault : loaded.faults) {
            faults.push_back({{"path", fault.path}, {"line", fault.line}, {"message", fault.message}});
        }
        const nlohmann::ordered_json result = {{"valid", loaded.faults.empty()}, {"faults", faults}};
        terminal.out << result.dump() << '\n';
    } else if (loaded.faults.empty()) {
        terminal.out << options.config_file << " is valid\n";
    } else {
        terminal.out << config::format_faults(loaded.faults, options.config_file);
    }
    if (loaded.faults.empty()) return {};
    // The faults are the result and were printed; the exit code is all that is left to say.
    return base::reject(base::ErrorCode::invalid_configuration, {});
}

base::Result<void> migrate(const CommonOptions& options, Terminal& terminal) {
    const auto config = load_config(options, terminal);
    if (!config) return base::fail(config.error());
    const auto storage = open_storage(config->storage, storage::Migrate::apply);
    if (!storage) return base::fail(storage.error());
    const auto& applied = (*storage)->applied_migrations();
    if (options.json) {
        const nlohmann::ordered_json result = {{"applied", applied}};
        terminal.out << result.dump() << '\n';
        return {};
    }
    for (const std::string& name : applied) terminal.out << "applied " << name << '\n';
    if (applied.empty()) terminal.out << "the schema is up to date\n";
    return {};
}

} // namespace

void add_config_commands(CLI::App& program, Action& chosen) {
    auto* check =
        program.add_subcommand("check-config", "Validate a configuration file and print every fault");
    auto& check_options = set_work(*check, chosen, check_config);
    add_config_option(*check, check_options);
    check->get_option("--config")->required();
    add_json_option(*check, check_options);
    check->footer("Example:\n  tollgate check-config --config /etc/tollgate/config.yaml\n\n"
                  "Exits with 2 when there is a fault.");

    auto* bring_up = program.add_subcommand("migrate", "Bring the database schema up to date");
    auto& migrate_options = set_work(*bring_up, chosen, migrate);
    add_config_option(*bring_up, migrate_options);
    add_json_option(*bring_up, migrate_options);
    bring_up->footer("Example:\n  tollgate migrate --config /etc/tollgate/config.yaml\n\n"
                     "Creates the database if there is none. 'tollgate serve' migrates too, unless\n"
                     "storage.migrate is false. Running it twice does no harm.");
}

} // namespace tollgate::app
