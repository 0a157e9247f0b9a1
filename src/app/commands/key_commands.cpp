#include "app/commands/key_work.hpp"

namespace tollgate::app {

namespace {

/// The options that `create` and `update` share.
void add_limits(CLI::App& command, KeyOptions& options) {
    command.add_option("--rate-limit", options.rate_limit, "Requests in any 60 seconds")->type_name("N");
    command.add_option("--token-limit", options.token_limit, "Tokens in any 60 seconds, or none")
        ->type_name("N");
    command.add_option("--concurrency", options.concurrency, "Calls in flight, or none")->type_name("N");
    command.add_option("--budget", options.budget, "Most that may be spent, in ledger currency, or none")
        ->type_name("AMOUNT");
    command
        .add_option("--budget-period", options.budget_period,
                    "When the budget starts afresh: none, daily, weekly or monthly")
        ->type_name("PERIOD");
    command
        .add_option("--expires", options.expires,
                    "When the key dies: a time (RFC 3339), a last day (YYYY-MM-DD), or never")
        ->type_name("TIME");
    command.add_option("--model", options.models, "Model or pattern with * to allow; may be repeated")
        ->type_name("PATTERN")
        ->allow_extra_args(false);
    command.add_option("--ip-allow", options.ip_allow, "CIDR block to allow; may be repeated")
        ->type_name("CIDR")
        ->allow_extra_args(false);
    command.add_option("--metadata", options.metadata, "Note for your own use; may be repeated")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
    command
        .add_option("--on-disconnect", options.on_disconnect,
                    "When the client leaves: cancel the call or drain it")
        ->type_name("CHOICE");
}

void add_key_argument(CLI::App& command, KeyNameOptions& options) {
    command.add_option("key", options.key, "Id, first characters of an id, or name")
        ->required()
        ->type_name("KEY");
    add_config_option(command, options.common);
    add_json_option(command, options.common);
}

void add_create(CLI::App& keys, Action& chosen) {
    auto* command = keys.add_subcommand("create", "Create a key and print its secret, once");
    auto& options = set_work(*command, chosen, create_key);
    command->add_option("--name", options.key.name, "Name, 1 to 100 characters")
        ->required()
        ->type_name("NAME");
    command->add_option("--user", options.user, "E-mail address or id of the account that owns the key")
        ->type_name("USER");
    add_limits(*command, options.key);
    add_config_option(*command, options.common);
    add_json_option(*command, options.common);
    command->footer("Without --user the key belongs to owner@localhost, which is created when there is no\n"
                    "account yet. Only the secret goes to standard output.\n\n"
                    "Examples:\n"
                    "  tollgate key create --name laptop\n"
                    "  tollgate key create --user me@example.org --name ci --rate-limit 600 \\\n"
                    "      --budget 500 --budget-period monthly --model 'openai/gpt-*'\n"
                    "  KEY=$(tollgate key create --name script)");
}

void add_list(CLI::App& keys, Action& chosen) {
    auto* command = keys.add_subcommand("list", "List keys, newest first");
    auto& options = set_work(*command, chosen, list_all_keys);
    command->add_option("--user", options.user, "Only the keys of this account")->type_name("USER");
    add_config_option(*command, options.common);
    add_json_option(*command, options.common);
    command->footer("Example:\n  tollgate key list --user me@example.org");
}

void add_update(CLI::App& keys, Action& chosen) {
    auto* command = keys.add_subcommand("update", "Change a key; what is not named stays as it is");
    auto& options = set_work(*command, chosen, update_key);
    add_key_argument(*command, options.named);
    command->add_option("--name", options.key.name, "New name")->type_name("NAME");
    add_limits(*command, options.key);
    command->add_flag("--any-model", options.key.any_model, "Allow every model")->excludes("--model");
    command->add_flag("--any-address", options.key.any_address, "Allow every address")
        ->excludes("--ip-allow");
    command->add_flag("--no-metadata", options.key.no_metadata, "Remove all metadata")
        ->excludes("--metadata");
    command->footer("--model, --ip-allow and --metadata replace the whole list.\n\n"
                    "Examples:\n"
                    "  tollgate key update laptop --budget 750 --expires never\n"
                    "  tollgate key update key_12ab34 --token-limit none --any-model");
}

void add_rotate(CLI::App& keys, Action& chosen) {
    auto* command = keys.add_subcommand("rotate", "Give a key a new secret and print it, once");
    auto& options = set_work(*command, chosen, rotate_key);
    add_key_argument(*command, options.named);
    command->add_option("--grace", options.grace, "How long the old secret still works: 90s, 30m, 24h, 7d")
        ->type_name("SPAN")
        ->capture_default_str();
    command->footer("The key keeps its id, limits, spend and history.\n\n"
                    "Example:\n  tollgate key rotate laptop --grace 24h");
}

struct Simple {
    const char* name;
    const char* description;
    base::Result<void> (*work)(const KeyNameOptions&, Terminal&);
    const char* footer;
};

constexpr Simple simple_commands[] = {
    {"show", "Show one key", show_key, "Example:\n  tollgate key show laptop"},
    {"revoke", "End a key for good", revoke_key,
     "This cannot be undone; 'tollgate key disable' can.\n\nExample:\n  tollgate key revoke laptop"},
    {"disable", "Refuse a key until it is enabled again", disable_key,
     "Example:\n  tollgate key disable laptop"},
    {"enable", "Let a disabled key work again", enable_key, "Example:\n  tollgate key enable laptop"},
};

} // namespace

void add_key_commands(CLI::App& program, Action& chosen) {
    auto* keys = program.add_subcommand("key", "API keys: create, limit, rotate and revoke them");
    keys->require_subcommand(1);
    keys->footer("A running gateway follows a change within a second; there is nothing to restart.\n\n"
                 "Examples:\n  tollgate key create --name laptop\n  tollgate key list\n"
                 "  tollgate key revoke laptop");
    add_create(*keys, chosen);
    add_list(*keys, chosen);
    add_update(*keys, chosen);
    add_rotate(*keys, chosen);
    for (const Simple& simple : simple_commands) {
        auto* command = keys->add_subcommand(simple.name, simple.description);
        add_key_argument(*command, set_work(*command, chosen, simple.work));
        command->footer(simple.footer);
    }
}

} // namespace tollgate::app
