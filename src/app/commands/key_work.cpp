#include "app/commands/key_work.hpp"

#include "app/audit_command.hpp"
#include "app/find_by_reference.hpp"
#include "app/key_output.hpp"
#include "app/open_storage.hpp"

namespace tollgate::app {

namespace {

/// What every key command opens first, and where it prints.
struct Session {
    Terminal& terminal;
    bool json = false;
    config::Config config{};
    base::TimeZone zone{}; // of the budgets' and expiry's days
    std::unique_ptr<ports::Storage> storage{};
    KeyView view{};
    ports::KeyStore& keys() const { return storage->keys(); }
    ports::Accounts& accounts() const { return storage->accounts(); }
};

base::Result<Session> open(const CommonOptions& options, Terminal& terminal) {
    auto config = load_config(options, terminal);
    if (!config) return base::fail(std::move(config.error()));
    auto zone = base::TimeZone::load(config->billing.time_zone);
    if (!zone) return base::fail(std::move(zone.error()));
    auto storage = open_storage(config->storage);
    if (!storage) return base::fail(std::move(storage.error()));
    const auto accounts = (*storage)->accounts().list();
    if (!accounts) return base::fail(accounts.error());
    KeyView view{.currency = config->billing.currency, .now = terminal.now};
    for (const auto& account : *accounts) view.emails[account.id] = account.email;
    return Session{.terminal = terminal,
                   .json = options.json,
                   .config = std::move(*config),
                   .zone = std::move(*zone),
                   .storage = std::move(*storage),
                   .view = std::move(view)};
}

/// A new secret and what the books keep of it.
struct FreshSecret {
    std::string text = domain::generate_key();
    base::Digest digest = base::sha256(text);
    std::string prefix = text.substr(0, 7);
    std::string suffix = text.substr(text.size() - 4);
};

/// For people, the secret alone goes to standard output, so that a script may keep just that.
void print_secret(const Session& session, const domain::ApiKey& key, const FreshSecret& secret) {
    if (session.json) {
        nlohmann::ordered_json result = {{"key", secret.text}};
        result.update(to_json(key, session.view));
        session.terminal.out << result.dump() << '\n';
        return;
    }
    session.terminal.error << "The secret of " << key.id.text() << " (" << key.name
                           << "); it is not shown again:\n";
    session.terminal.out << secret.text << '\n';
}

void print_change(const Session& session, const domain::ApiKey& key, std::string_view what) {
    if (session.json) {
        session.terminal.out << to_json(key, session.view).dump() << '\n';
    } else {
        session.terminal.out << what << ' ' << key.id.text() << " (" << key.name << ")\n";
    }
}

base::Result<ports::Account> create_local_owner(const Session& session) {
    ports::Account account;
    account.id = base::new_account_id();
    account.email = local_owner;
    account.name = "Local owner";
    account.created_at = session.terminal.now;
    const auto role = session.accounts().create_first_as_admin(account);
    if (!role) return base::fail(role.error());
    account.role = *role;
    session.terminal.error << "Created the account " << local_owner << " (" << ports::to_string(*role)
                           << ", no password) to own the key. To sign in with it, run:\n"
                           << "  tollgate user password " << local_owner << '\n';
    return account;
}

/// The account of --user; without it the local owner, who is created when there is no account at all.
base::Result<ports::Account> find_owner(const Session& session, const std::string& user) {
    if (!user.empty()) return find_account(session.accounts(), user);
    if (session.view.emails.empty()) return create_local_owner(session);
    auto owner = session.accounts().find_by_email(local_owner);
    if (!owner) return base::fail(std::move(owner.error()));
    if (*owner) return std::move(**owner);
    return base::reject(base::ErrorCode::missing_field,
                        "whose key is it? Give --user EMAIL; 'tollgate user list' shows the accounts",
                        "user");
}

/// The key as the options describe it, valid but for its owner.
base::Result<domain::ApiKey> describe_key(const Session& session, const KeyOptions& options) {
    domain::ApiKey key;
    key.id = base::new_key_id();
    key.policy.rate_limit = session.config.keys.default_rate_limit;
    key.created_at = session.terminal.now;
    const auto patch = to_patch(options, session.zone, session.terminal.now);
    if (!patch) return base::fail(patch.error());
    domain::apply_patch(key, *patch);
    auto valid = domain::validate_key(key, session.config.keys.max_rate_limit);
    if (!valid) return base::fail(std::move(valid.error()));
    return key;
}

/// Finds the key, checks what it would become, changes it and says so.
base::Result<void> change(const Session& session, const domain::ApiKey& key, const domain::KeyPatch& patch,
                          std::string_view what) {
    domain::ApiKey wanted = key;
    domain::apply_patch(wanted, patch);
    auto valid = domain::validate_key(wanted, session.config.keys.max_rate_limit);
    if (!valid) return valid;
    const auto updated = session.keys().update(key.id, patch);
    if (!updated) return base::fail(updated.error());
    const std::string_view action = !patch.state                                 ? "key.update"
                                    : *patch.state == domain::KeyState::active   ? "key.enable"
                                    : *patch.state == domain::KeyState::disabled ? "key.disable"
                                                                                 : "key.revoke";
    audit_command(*session.storage, session.terminal, action, key.id.text());
    print_change(session, *updated, what);
    return {};
}

base::Result<void> change_state(const KeyNameOptions& options, Terminal& terminal, domain::KeyState state) {
    const auto session = open(options.common, terminal);
    if (!session) return base::fail(session.error());
    const auto key = find_key(session->keys(), options.key);
    if (!key) return base::fail(key.error());
    const bool already = key->state == domain::KeyState::revoked && state == domain::KeyState::revoked;
    if (already) {
        print_change(*session, *key, "was revoked before:");
        return {};
    }
    domain::KeyPatch patch;
    patch.state = state;
    switch (state) {
    case domain::KeyState::active: return change(*session, *key, patch, "enabled");
    case domain::KeyState::disabled: return change(*session, *key, patch, "disabled");
    case domain::KeyState::revoked: return change(*session, *key, patch, "revoked");
    }
    return {};
}

} // namespace

base::Result<void> create_key(const KeyCreateOptions& options, Terminal& terminal) {
    auto session = open(options.common, terminal);
    if (!session) return base::fail(std::move(session.error()));
    auto key = describe_key(*session, options.key);
    if (!key) return base::fail(std::move(key.error()));
    const auto owner = find_owner(*session, options.user);
    if (!owner) return base::fail(owner.error());
    session->view.emails[owner->id] = owner->email;
    const FreshSecret secret;
    key->account_id = owner->id;
    key->prefix = secret.prefix;
    key->suffix = secret.suffix;
    const auto created = session->keys().create(*key, secret.digest);
    if (!created) return created;
    audit_command(*session->storage, terminal, "key.create", key->id.text());
    print_secret(*session, *key, secret);
    return {};
}

base::Result<void> list_all_keys(const KeyListOptions& options, Terminal& terminal) {
    const auto session = open(options.common, terminal);
    if (!session) return base::fail(session.error());
    std::optional<base::AccountId> owner;
    if (!options.user.empty()) {
        const auto account = find_account(session->accounts(), options.user);
        if (!account) return base::fail(account.error());
        owner = account->id;
    }
    const auto keys = list_keys(session->keys(), owner);
    if (!keys) return base::fail(keys.error());
    if (session->json) {
        nlohmann::ordered_json rows = nlohmann::ordered_json::array();
        for (const auto& key : *keys) rows.push_back(to_json(key, session->view));
        terminal.out << nlohmann::ordered_json({{"keys", rows}}).dump() << '\n';
    } else if (keys->empty()) {
        terminal.error << "There is no key yet: see 'tollgate key create --help'.\n";
    } else {
        print_keys(terminal.out, *keys, session->view);
    }
    return {};
}

base::Result<void> show_key(const KeyNameOptions& options, Terminal& terminal) {
    const auto session = open(options.common, terminal);
    if (!session) return base::fail(session.error());
    const auto key = find_key(session->keys(), options.key);
    if (!key) return base::fail(key.error());
    if (session->json) {
        terminal.out << to_json(*key, session->view).dump() << '\n';
    } else {
        print_key(terminal.out, *key, session->view);
    }
    return {};
}

base::Result<void> update_key(const KeyUpdateOptions& options, Terminal& terminal) {
    const auto session = open(options.named.common, terminal);
    if (!session) return base::fail(session.error());
    const auto patch = to_patch(options.key, session->zone, terminal.now);
    if (!patch) return base::fail(patch.error());
    if (*patch == domain::KeyPatch{}) {
        return base::reject(base::ErrorCode::missing_field,
                            "nothing to change: name at least one option, see 'tollgate key update --help'");
    }
    const auto key = find_key(session->keys(), options.named.key);
    if (!key) return base::fail(key.error());
    return change(*session, *key, *patch, "updated");
}

base::Result<void> rotate_key(const KeyRotateOptions& options, Terminal& terminal) {
    const auto session = open(options.named.common, terminal);
    if (!session) return base::fail(session.error());
    const auto grace = parse_duration(options.grace);
    if (!grace) return base::fail(grace.error());
    const auto key = find_key(session->keys(), options.named.key);
    if (!key) return base::fail(key.error());
    const FreshSecret secret;
    const auto rotated = session->keys().rotate({.id = key->id,
                                                 .secret = secret.digest,
                                                 .prefix = secret.prefix,
                                                 .suffix = secret.suffix,
                                                 .now = terminal.now,
                                                 .grace = *grace});
    if (!rotated) return base::fail(rotated.error());
    audit_command(*session->storage, terminal, "key.rotate", key->id.text());
    print_secret(*session, *rotated, secret);
    return {};
}

base::Result<void> revoke_key(const KeyNameOptions& options, Terminal& terminal) {
    return change_state(options, terminal, domain::KeyState::revoked);
}

base::Result<void> disable_key(const KeyNameOptions& options, Terminal& terminal) {
    return change_state(options, terminal, domain::KeyState::disabled);
}

base::Result<void> enable_key(const KeyNameOptions& options, Terminal& terminal) {
    return change_state(options, terminal, domain::KeyState::active);
}

} // namespace tollgate::app
