#include "app/audit_command.hpp"
#include "app/commands/commands.hpp"
#include "app/find_by_reference.hpp"
#include "app/open_storage.hpp"
#include "app/read_password.hpp"
#include "app/table.hpp"
#include "tollgate/base/password.hpp"
#include "tollgate/domain/email.hpp"

#include <nlohmann/json.hpp>

namespace tollgate::app {

namespace {

struct CreateOptions {
    CommonOptions common{};
    std::string email{};
    std::string name{};
    std::optional<std::string> role{};
    std::optional<std::uint32_t> concurrency{};
    bool no_password = false;
};

struct NamedOptions {
    CommonOptions common{};
    std::string user{};
};

nlohmann::ordered_json to_json(const ports::Account& account) {
    return {{"id", account.id.text()},
            {"email", account.email},
            {"name", account.name},
            {"role", ports::to_string(account.role)},
            {"disabled", account.disabled},
            {"has_password", !account.password_hash.empty()},
            {"concurrency", account.concurrency ? nlohmann::ordered_json(*account.concurrency)
                                                : nlohmann::ordered_json(nullptr)},
            {"created_at", base::to_rfc3339(account.created_at)}};
}

base::Result<std::unique_ptr<ports::Storage>> open(const CommonOptions& options, const Terminal& terminal) {
    const auto config = load_config(options, terminal);
    if (!config) return base::fail(config.error());
    return open_storage(config->storage);
}

void print(const ports::Account& account, const CommonOptions& options, Terminal& terminal,
           std::string_view what) {
    if (options.json) {
        terminal.out << to_json(account).dump() << '\n';
    } else {
        terminal.out << what << ' ' << account.email << " (" << account.id.text() << ", "
                     << ports::to_string(account.role) << ")\n";
    }
}

/// The account of the options; its role is member unless one was named.
base::Result<ports::Account> read_account(const CreateOptions& options, Terminal& terminal) {
    ports::Account account;
    account.id = base::new_account_id();
    auto email = domain::normalise_email(options.email);
    if (!email) return base::fail(std::move(email.error()));
    account.email = std::move(*email);
    account.name = options.name;
    account.concurrency = options.concurrency;
    account.created_at = terminal.now;
    if (options.role) {
        const auto role = ports::parse_role(*options.role);
        if (!role) return base::fail(role.error());
        account.role = *role;
    }
    if (options.no_password) return account;
    const auto password = read_password(terminal);
    if (!password) return base::fail(password.error());
    auto hash = base::hash_password(*password);
    if (!hash) return base::fail(std::move(hash.error()));
    account.password_hash = std::move(*hash);
    return account;
}

base::Result<void> create_user(const CreateOptions& options, Terminal& terminal) {
    const auto storage = open(options.common, terminal);
    if (!storage) return base::fail(storage.error());
    auto account = read_account(options, terminal);
    if (!account) return base::fail(std::move(account.error()));
    auto& accounts = (*storage)->accounts();
    if (options.role) {
        const auto created = accounts.create(*account);
        if (!created) return created;
    } else {
        const auto role = accounts.create_first_as_admin(*account);
        if (!role) return base::fail(role.error());
        account->role = *role;
    }
    audit_command(**storage, terminal, "user.create", account->id.text());
    print(*account, options.common, terminal, "created");
    return {};
}

base::Result<void> list_users(const CommonOptions& options, Terminal& terminal) {
    const auto storage = open(options, terminal);
    if (!storage) return base::fail(storage.error());
    const auto accounts = (*storage)->accounts().list();
    if (!accounts) return base::fail(accounts.error());
    if (options.json) {
        nlohmann::ordered_json users = nlohmann::ordered_json::array();
        for (const auto& account : *accounts) users.push_back(to_json(account));
        terminal.out << nlohmann::ordered_json({{"users", users}}).dump() << '\n';
        return {};
    }
    Table table({"ID", "EMAIL", "NAME", "ROLE", "STATE", "PASSWORD", "CREATED"});
    for (const auto& account : *accounts) {
        table.add({account.id.text(), account.email, account.name,
                   std::string(ports::to_string(account.role)), account.disabled ? "disabled" : "active",
                   account.password_hash.empty() ? "none" : "set",
                   base::to_rfc3339(std::chrono::floor<std::chrono::seconds>(account.created_at))});
    }
    if (table.empty()) {
        terminal.error << "There is no account yet: see 'tollgate user create --help'.\n";
    } else {
        table.print(terminal.out);
    }
    return {};
}

/// Changes the account that the options name, and says so.
base::Result<void> change_user(const NamedOptions& options, Terminal& terminal,
                               const ports::AccountPatch& patch, std::string_view what) {
    const auto storage = open(options.common, terminal);
    if (!storage) return base::fail(storage.error());
    const auto account = find_account((*storage)->accounts(), options.user);
    if (!account) return base::fail(account.error());
    const auto updated = (*storage)->accounts().update(account->id, patch);
    if (!updated) return base::fail(updated.error());
    audit_command(**storage, terminal, patch.password_hash ? "password.change" : "user.update",
                  account->id.text());
    print(*updated, options.common, terminal, what);
    return {};
}

base::Result<void> disable_user(const NamedOptions& options, Terminal& terminal) {
    ports::AccountPatch patch;
    patch.disabled = true;
    patch.end_sessions = true;
    return change_user(options, terminal, patch, "disabled");
}

base::Result<void> enable_user(const NamedOptions& options, Terminal& terminal) {
    ports::AccountPatch patch;
    patch.disabled = false;
    return change_user(options, terminal, patch, "enabled");
}

base::Result<void> change_password(const NamedOptions& options, Terminal& terminal) {
    const auto password = read_password(terminal);
    if (!password) return base::fail(password.error());
    auto hash = base::hash_password(*password);
    if (!hash) return base::fail(std::move(hash.error()));
    ports::AccountPatch patch;
    patch.password_hash = std::move(*hash);
    return change_user(options, terminal, patch, "changed the password of");
}

void add_create(CLI::App& users, Action& chosen) {
    auto* command =
        users.add_subcommand("create", "Create an account; the first one becomes an administrator");
    auto& options = set_work(*command, chosen, create_user);
    command->add_option("email", options.email, "E-mail address to sign in with")
        ->required()
        ->type_name("EMAIL");
    command->add_option("--name", options.name, "Name to show")->type_name("NAME");
    command->add_option("--role", options.role, "admin or member")->type_name("ROLE");
    command->add_option("--concurrency", options.concurrency, "Calls in flight over all keys of the account")
        ->type_name("N");
    command->add_flag("--no-password", options.no_password, "Nobody can sign in to the account");
    add_config_option(*command, options.common);
    add_json_option(*command, options.common);
    command->footer("The password is read from standard input; in a terminal you are asked for it.\n\n"
                    "Examples:\n  tollgate user create me@example.org --name \"My Name\"\n"
                    "  pass show tollgate | tollgate user create ops@example.org --role admin");
}

void add_named(CLI::App& command, Action& chosen,
               base::Result<void> (*work)(const NamedOptions&, Terminal&)) {
    auto& options = set_work(command, chosen, work);
    command.add_option("user", options.user, "E-mail address or id")->required()->type_name("USER");
    add_config_option(command, options.common);
    add_json_option(command, options.common);
}

} // namespace

void add_user_commands(CLI::App& program, Action& chosen) {
    auto* users = program.add_subcommand("user", "Accounts: who owns keys and who signs in");
    users->require_subcommand(1);
    users->footer("Examples:\n  tollgate user create me@example.org\n  tollgate user list\n"
                  "  tollgate user disable me@example.org");
    add_create(*users, chosen);

    auto* list = users->add_subcommand("list", "List the accounts, oldest first");
    auto& list_options = set_work(*list, chosen, list_users);
    add_config_option(*list, list_options);
    add_json_option(*list, list_options);

    auto* disable = users->add_subcommand("disable", "Refuse an account's keys and end its sessions");
    add_named(*disable, chosen, disable_user);
    disable->footer("Its keys answer 403 account_disabled until 'tollgate user enable'.\n\n"
                    "Example:\n  tollgate user disable me@example.org");
    auto* enable = users->add_subcommand("enable", "Let a disabled account work again");
    add_named(*enable, chosen, enable_user);
    auto* password = users->add_subcommand("password", "Set an account's password and end its sessions");
    add_named(*password, chosen, change_password);
    password->footer("The password is read from standard input; in a terminal you are asked for it.\n\n"
                     "Example:\n  tollgate user password me@example.org");
}

} // namespace tollgate::app
