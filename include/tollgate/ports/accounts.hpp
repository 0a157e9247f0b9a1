// Accounts: who owns keys and who signs in. Blocking, any thread, like KeyStore.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/base/ids.hpp"
#include "tollgate/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::ports {

enum class Role { admin, member };
std::string_view to_string(Role role);
base::Result<Role> parse_role(std::string_view text);

struct Account {
    base::AccountId id{};
    std::string email{}; // lower case, unique
    std::string name{};
    Role role = Role::member;
    bool disabled = false;
    std::string password_hash{}; // Argon2id in PHC form; empty: cannot sign in
    std::optional<std::uint32_t> concurrency{};
    std::uint64_t session_version = 1; // sessions of an older version are void
    base::WallTime created_at{};
    friend bool operator==(const Account&, const Account&) = default;
};

struct AccountPatch {
    std::optional<std::string> name{};
    std::optional<Role> role{};
    std::optional<bool> disabled{};
    std::optional<std::string> password_hash{}; // also grows session_version
    std::optional<std::optional<std::uint32_t>> concurrency{};
    bool end_sessions = false;  // grows session_version
    bool keep_an_admin = false; // refuse to take away the last admin that can sign in
};

struct AccountFilter {
    std::string search{}; // part of the e-mail address or the name, without regard to the case of ASCII
    bool only_who_can_sign_in = false; // accounts with a password
    std::optional<base::AccountId> after{};
    std::size_t limit = 100; // at most 1,000
};

struct AccountPage {
    std::vector<Account> accounts{}; // newest first
    std::optional<base::AccountId> next{};
};

class Accounts {
public:
    virtual ~Accounts() = default;
    virtual base::Result<std::optional<Account>> find(const base::AccountId& id) = 0;
    virtual base::Result<std::optional<Account>> find_by_email(std::string_view email) = 0;
    virtual base::Result<std::vector<Account>> list() = 0; // oldest first
    virtual base::Result<AccountPage> page(const AccountFilter& filter) = 0;
    /// Error: already_exists (email).
    virtual base::Result<void> create(const Account& account) = 0;
    /// Creates the account as admin if there is none yet or it is the first that can sign in; else as given.
    /// Says which role it got.
    virtual base::Result<Role> create_first_as_admin(const Account& account) = 0;
    /// Errors: not_found, conflict (keep_an_admin).
    virtual base::Result<Account> update(const base::AccountId& id, const AccountPatch& patch) = 0;
};

} // namespace tollgate::ports
