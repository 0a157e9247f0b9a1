#include "app/command_line.hpp"

#include "app/commands/commands.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace tollgate::app {

namespace {

constexpr int done = 0;
constexpr int failed = 1;
constexpr int wrong_usage = 2;

constexpr const char* examples = R"(Examples:
  tollgate serve                            run on embedded storage in ./data
  tollgate key create --name laptop         make a key; prints it once
  tollgate check-config --config gate.yaml  find every fault of a configuration

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.)";

/// "tollgate key create", as far as the arguments could be understood.
std::string command_name(const CLI::App& program) {
    std::string name = program.get_name();
    for (const CLI::App* command : program.get_subcommands()) name += " " + command_name(*command);
    return name;
}

int exit_code(const base::Error& error) {
    switch (error.code) {
    case base::ErrorCode::invalid_field:
    case base::ErrorCode::missing_field:
    case base::ErrorCode::invalid_configuration: return wrong_usage;
    default: return failed;
    }
}

/// The chosen command's work, or the exit code when there is nothing (more) to do.
std::variant<Action, int> parse(const std::vector<std::string>& arguments, Terminal& terminal) {
    CLI::App program("An HTTP gateway for language models with keys, limits and budgets.", "tollgate");
    program.set_version_flag("--version", "tollgate " TOLLGATE_VERSION, "Print the version and exit");
    program.require_subcommand(1);
    program.get_formatter()->column_width(36);
    program.footer(examples);
    Action chosen;
    add_serve_command(program, chosen);
    add_config_commands(program, chosen);
    add_user_commands(program, chosen);
    add_key_commands(program, chosen);
    add_price_commands(program, chosen);
    add_usage_commands(program, chosen);
    add_credit_commands(program, chosen);
    add_ledger_commands(program, chosen);
    try {
        // CLI11 takes them from the back.
        program.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
        return chosen;
    } catch (const CLI::Success& answered) {
        program.exit(answered, terminal.out, terminal.error);
        return done;
    } catch (const CLI::ParseError& fault) {
        const std::string command = command_name(program);
        terminal.error << command << ": " << fault.what() << "\nSee '" << command << " --help'.\n";
        return wrong_usage;
    }
}

} // namespace

int run(const std::vector<std::string>& arguments, Terminal& terminal) {
    const auto parsed = parse(arguments, terminal);
    int code = done;
    if (const auto* action = std::get_if<Action>(&parsed)) {
        const auto result = (*action)(terminal);
        if (!result) {
            code = exit_code(result.error());
            // A command that has said everything already fails without a message.
            if (!result.error().message.empty())
                terminal.error << "tollgate: " << result.error().message << "\n";
        }
    } else {
        code = std::get<int>(parsed);
    }
    if (!terminal.out.flush()) {
        terminal.error << "tollgate: standard output could not be written\n";
        return std::max(code, failed);
    }
    return code;
}

} // namespace tollgate::app
