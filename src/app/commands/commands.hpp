// How a command is added to the command line: its options are bound to a struct, its work runs after all
// arguments were understood.
#pragma once

#include "app/terminal.hpp"
#include "tollgate/base/error.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <string>

namespace tollgate::app {

/// What the chosen command does.
using Action = std::function<base::Result<void>(Terminal&)>;

// One function for each file of commands; each sets `chosen` when one of its commands was named.
void add_serve_command(CLI::App& program, Action& chosen);
void add_config_commands(CLI::App& program, Action& chosen);
void add_user_commands(CLI::App& program, Action& chosen);
void add_key_commands(CLI::App& program, Action& chosen);
void add_price_commands(CLI::App& program, Action& chosen);
void add_usage_commands(CLI::App& program, Action& chosen);
void add_rerate_command(CLI::App& usage, Action& chosen); // a part of usage
void add_credit_commands(CLI::App& program, Action& chosen);
void add_ledger_commands(CLI::App& program, Action& chosen);

/// Options that most commands have.
struct CommonOptions {
    std::string config_file{}; // empty: the defaults
    bool json = false;
};

void add_config_option(CLI::App& command, CommonOptions& options);
void add_json_option(CLI::App& command, CommonOptions& options);

/// Makes `work` the command's work; answers the options that it will get, to be bound to arguments.
template <class Options>
Options& set_work(CLI::App& command, Action& chosen,
                  base::Result<void> (*work)(const Options& options, Terminal& terminal)) {
    auto options = std::make_shared<Options>();
    command.callback([&chosen, options, work] {
        chosen = [options, work](Terminal& terminal) { return work(*options, terminal); };
    });
    return *options;
}

/// The file of --config, or the defaults. Error: invalid_configuration, with every fault.
base::Result<config::Config> load_config(const CommonOptions& options, const Terminal& terminal);

} // namespace tollgate::app
