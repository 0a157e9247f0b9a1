#include "storage/postgres/accounts.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace tollgate::storage::postgres {

namespace {

using ports::Account;
using ports::AccountPatch;
using ports::Role;

Role read_role(std::string_view text) {
    const auto role = ports::parse_role(text);
    if (!role) throw std::runtime_error("a stored account has an unknown role");
    return *role;
}

Account read_account(const Rows& row) {
    Account account;
    account.id = base::AccountId(row.text(0));
    account.email = row.text(1);
    account.name = row.text(2);
    account.role = read_role(row.text(3));
    account.disabled = row.truth(4);
    account.password_hash = row.text(5);
    if (const auto concurrency = row.optional_integer(6)) {
        account.concurrency = static_cast<std::uint32_t>(*concurrency);
    }
    account.session_version = static_cast<std::uint64_t>(row.integer(7));
    account.created_at = row.time(8);
    return account;
}

constexpr std::string_view columns =
    "SELECT id, email, name, role, disabled, password_hash, concurrency, session_version, created_at "
    "FROM accounts ";

std::optional<Account> find_one(Rows rows) {
    if (!rows.step()) return std::nullopt;
    return read_account(rows);
}

std::string select(std::string_view rest) {
    return std::string(columns) + std::string(rest);
}

/// Without ON CONFLICT two who insert at once would meet as an error instead of an answer.
base::Result<void> insert(Connection& connection, const Account& account, Role role) {
    const auto inserted = connection.query(
        "INSERT INTO accounts (id, email, name, role, disabled, password_hash, concurrency, session_version, "
        "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        account.id, account.email, account.name, ports::to_string(role), account.disabled,
        account.password_hash, account.concurrency, account.session_version, account.created_at);
    if (inserted.changes() > 0) return {};
    return base::reject(base::ErrorCode::already_exists,
                        "there is already an account with the e-mail address " + account.email, "email");
}

void apply(Account& account, const AccountPatch& patch) {
    if (patch.name) account.name = *patch.name;
    if (patch.role) account.role = *patch.role;
    if (patch.disabled) account.disabled = *patch.disabled;
    if (patch.concurrency) account.concurrency = *patch.concurrency;
    if (patch.password_hash) account.password_hash = *patch.password_hash;
    if (patch.password_hash || patch.end_sessions) ++account.session_version;
}

bool is_usable_admin(const Account& account) {
    return account.role == Role::admin && !account.disabled;
}

bool has_other_admin(Connection& connection, const base::AccountId& id) {
    return connection
        .query("SELECT 1 FROM accounts WHERE role = 'admin' AND NOT disabled AND id <> $1 LIMIT 1", id)
        .step();
}

constexpr std::string_view page_rest =
    "WHERE ($4::bigint = 0 OR password_hash <> '') AND ($1 = '' OR position(lower($1) IN lower(email)) > 0 "
    "OR "
    "position(lower($1) IN lower(name)) > 0) AND ($2::text IS NULL OR (created_at, id) < "
    "(SELECT created_at, id FROM accounts WHERE id = $2)) ORDER BY created_at DESC, id DESC LIMIT $3::bigint";

} // namespace

base::Result<std::optional<Account>> PostgresAccounts::find(const base::AccountId& id) {
    return database_.look_up([&id](Connection& connection) -> base::Result<std::optional<Account>> {
        return find_one(connection.query(select("WHERE id = $1"), id));
    });
}

base::Result<std::optional<Account>> PostgresAccounts::find_by_email(std::string_view email) {
    return database_.look_up([email](Connection& connection) -> base::Result<std::optional<Account>> {
        return find_one(connection.query(select("WHERE email = $1"), email));
    });
}

base::Result<std::vector<Account>> PostgresAccounts::list() {
    return database_.look_up([](Connection& connection) -> base::Result<std::vector<Account>> {
        auto rows = connection.query(select("ORDER BY created_at, id"));
        std::vector<Account> accounts;
        while (rows.step()) accounts.push_back(read_account(rows));
        return accounts;
    });
}

base::Result<ports::AccountPage> PostgresAccounts::page(const ports::AccountFilter& filter) {
    const std::size_t limit = std::clamp<std::size_t>(filter.limit, 1, 1000);
    return database_.look_up([&filter, limit](Connection& connection) -> base::Result<ports::AccountPage> {
        auto rows = connection.query(select(page_rest), filter.search, filter.after, limit + 1,
                                     filter.only_who_can_sign_in ? 1 : 0);
        ports::AccountPage page;
        while (rows.step()) page.accounts.push_back(read_account(rows));
        if (page.accounts.size() > limit) {
            page.accounts.pop_back();
            page.next = page.accounts.back().id;
        }
        return page;
    });
}

base::Result<void> PostgresAccounts::create(const Account& account) {
    return database_.write([&account](Connection& connection) -> base::Result<void> {
        return insert(connection, account, account.role);
    });
}

base::Result<Role> PostgresAccounts::create_first_as_admin(const Account& account) {
    return database_.write([&account](Connection& connection) -> base::Result<Role> {
        // Readers go on; of two who want to be the first, one waits.
        connection.execute("LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE");
        const bool can_sign_in = !account.password_hash.empty();
        const bool first =
            !connection
                 .query(can_sign_in ? "SELECT 1 FROM accounts WHERE password_hash <> '' LIMIT 1"
                                    : "SELECT 1 FROM accounts LIMIT 1")
                 .step();
        const Role role = first ? Role::admin : account.role;
        auto inserted = insert(connection, account, role);
        if (!inserted) return base::fail(std::move(inserted.error()));
        return role;
    });
}

base::Result<Account> PostgresAccounts::update(const base::AccountId& id, const AccountPatch& patch) {
    return database_.write([&id, &patch](Connection& connection) -> base::Result<Account> {
        auto account = find_one(connection.query(select("WHERE id = $1 FOR UPDATE"), id));
        if (!account) {
            return base::reject(base::ErrorCode::not_found, "there is no account " + id.text());
        }
        const bool was_usable_admin = is_usable_admin(*account);
        apply(*account, patch);
        if (patch.keep_an_admin && was_usable_admin && !is_usable_admin(*account)) {
            // Of two admins who take each other away, one waits and sees what the other did.
            connection.execute("LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE");
            if (!has_other_admin(connection, id)) {
                return base::reject(base::ErrorCode::conflict,
                                    "this is the last admin that can sign in: make another one first");
            }
        }
        connection.query("UPDATE accounts SET name = $2, role = $3, disabled = $4, password_hash = $5, "
                         "concurrency = $6, session_version = $7 WHERE id = $1",
                         id, account->name, ports::to_string(account->role), account->disabled,
                         account->password_hash, account->concurrency, account->session_version);
        return std::move(*account);
    });
}

} // namespace tollgate::storage::postgres
