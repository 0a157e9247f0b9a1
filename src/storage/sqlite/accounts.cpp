#include "storage/sqlite/accounts.hpp"

#include <SQLiteCpp/Exception.h>

#include <algorithm>
#include <utility>

namespace tollgate::storage::sqlite {

namespace {

using ports::Account;
using ports::AccountPatch;
using ports::Role;

Role read_role(std::string_view text) {
    const auto role = ports::parse_role(text);
    if (!role) throw SQLite::Exception("a stored account has an unknown role");
    return *role;
}

Account read_account(const Query& row) {
    Account account;
    account.id = base::AccountId(row.text(0));
    account.email = row.text(1);
    account.name = row.text(2);
    account.role = read_role(row.text(3));
    account.disabled = row.integer(4) != 0;
    account.password_hash = row.text(5);
    if (const auto concurrency = row.optional_integer(6)) {
        account.concurrency = static_cast<std::uint32_t>(*concurrency);
    }
    account.session_version = static_cast<std::uint64_t>(row.integer(7));
    account.created_at = row.time(8);
    return account;
}

std::optional<Account> find_by_id(Connection& connection, const base::AccountId& id) {
    auto query = connection.query("SELECT id, email, name, role, disabled, password_hash, concurrency, "
                                  "session_version, created_at FROM accounts WHERE id = ?1");
    if (!query.bind(id).step()) return std::nullopt;
    return read_account(query);
}

bool exists(Connection& connection, const Account& account) {
    auto query = connection.query("SELECT 1 FROM accounts WHERE email = ?1 OR id = ?2");
    return query.bind(account.email, account.id).step();
}

base::Result<void> insert(Connection& connection, const Account& account, Role role) {
    if (exists(connection, account)) {
        return base::reject(base::ErrorCode::already_exists,
                            "there is already an account with the e-mail address " + account.email, "email");
    }
    connection
        .query("INSERT INTO accounts (id, email, name, role, disabled, password_hash, concurrency, "
               "session_version, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
        .bind(account.id, account.email, account.name, ports::to_string(role), account.disabled,
              account.password_hash, account.concurrency, account.session_version, account.created_at)
        .run();
    return {};
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
        .query("SELECT 1 FROM accounts WHERE role = 'admin' AND disabled = 0 AND id <> ?1 LIMIT 1")
        .bind(id)
        .step();
}

} // namespace

base::Result<std::optional<Account>> SqliteAccounts::find(const base::AccountId& id) {
    return database_.read([&id](Connection& connection) -> base::Result<std::optional<Account>> {
        return find_by_id(connection, id);
    });
}

base::Result<std::optional<Account>> SqliteAccounts::find_by_email(std::string_view email) {
    return database_.read([email](Connection& connection) -> base::Result<std::optional<Account>> {
        auto query = connection.query("SELECT id, email, name, role, disabled, password_hash, concurrency, "
                                      "session_version, created_at FROM accounts WHERE email = ?1");
        if (!query.bind(email).step()) return std::nullopt;
        return read_account(query);
    });
}

base::Result<std::vector<Account>> SqliteAccounts::list() {
    return database_.read([](Connection& connection) -> base::Result<std::vector<Account>> {
        auto query = connection.query("SELECT id, email, name, role, disabled, password_hash, concurrency, "
                                      "session_version, created_at FROM accounts ORDER BY created_at, id");
        std::vector<Account> accounts;
        while (query.step()) accounts.push_back(read_account(query));
        return accounts;
    });
}

base::Result<ports::AccountPage> SqliteAccounts::page(const ports::AccountFilter& filter) {
    const std::size_t limit = std::clamp<std::size_t>(filter.limit, 1, 1000);
    return database_.read([&filter, limit](Connection& connection) -> base::Result<ports::AccountPage> {
        auto query = connection.query(
            "SELECT id, email, name, role, disabled, password_hash, concurrency, session_version, created_at "
            "FROM accounts WHERE (?4 = 0 OR password_hash <> '') AND (?1 = '' OR instr(lower(email), "
            "lower(?1)) > 0 OR instr(lower(name), "
            "lower(?1)) "
            "> 0) AND (?2 IS NULL OR (created_at, id) < (SELECT created_at, id FROM accounts WHERE id = ?2)) "
            "ORDER BY created_at DESC, id DESC LIMIT ?3");
        query.bind(filter.search, filter.after, limit + 1, filter.only_who_can_sign_in ? 1 : 0);
        ports::AccountPage page;
        while (query.step()) page.accounts.push_back(read_account(query));
        if (page.accounts.size() > limit) {
            page.accounts.pop_back();
            page.next = page.accounts.back().id;
        }
        return page;
    });
}

base::Result<void> SqliteAccounts::create(const Account& account) {
    return database_.write([&account](Connection& connection) -> base::Result<void> {
        return insert(connection, account, account.role);
    });
}

base::Result<Role> SqliteAccounts::create_first_as_admin(const Account& account) {
    return database_.write([&account](Connection& connection) -> base::Result<Role> {
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

base::Result<Account> SqliteAccounts::update(const base::AccountId& id, const AccountPatch& patch) {
    return database_.write([&id, &patch](Connection& connection) -> base::Result<Account> {
        auto account = find_by_id(connection, id);
        if (!account) {
            return base::reject(base::ErrorCode::not_found, "there is no account " + id.text());
        }
        const bool was_usable_admin = is_usable_admin(*account);
        apply(*account, patch);
        if (patch.keep_an_admin && was_usable_admin && !is_usable_admin(*account) &&
            !has_other_admin(connection, id)) {
            return base::reject(base::ErrorCode::conflict,
                                "this is the last admin that can sign in: make another one first");
        }
        connection
            .query("UPDATE accounts SET name = ?2, role = ?3, disabled = ?4, password_hash = ?5, "
                   "concurrency = ?6, session_version = ?7 WHERE id = ?1")
            .bind(id, account->name, ports::to_string(account->role), account->disabled,
                  account->password_hash, account->concurrency, account->session_version)
            .run();
        return std::move(*account);
    });
}

} // namespace tollgate::storage::sqlite
