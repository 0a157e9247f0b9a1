// An API key as issued: who owns it, what it may do, what state it is in. Pure values, copied into caches.
#pragma once

#include "tollgate/base/digest.hpp"
#include "tollgate/base/ids.hpp"
#include "tollgate/base/money.hpp"
#include "tollgate/base/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::domain {

enum class KeyState { active, disabled, revoked };
enum class BudgetPeriod { none, daily, weekly, monthly };
enum class OnDisconnect { cancel, drain };

std::string_view to_string(KeyState state);
std::string_view to_string(BudgetPeriod period);
std::string_view to_string(OnDisconnect choice);
base::Result<KeyState> parse_key_state(std::string_view text);
base::Result<BudgetPeriod> parse_budget_period(std::string_view text);
base::Result<OnDisconnect> parse_on_disconnect(std::string_view text);

/// The limits attached to a key. An absent value is no limit.
struct Policy {
    std::uint32_t rate_limit = 60;              // requests in any 60 s
    std::optional<std::uint64_t> token_limit{}; // tokens in any 60 s
    std::optional<std::uint32_t> concurrency{}; // calls in flight
    std::optional<base::Money> budget{};        // ledger currency, in each period
    BudgetPeriod budget_period = BudgetPeriod::none;
    std::vector<std::string> models{};   // patterns with *; empty: every model
    std::vector<std::string> ip_allow{}; // CIDR blocks; empty: every address
    OnDisconnect on_disconnect = OnDisconnect::cancel;
    friend bool operator==(const Policy&, const Policy&) = default;
};

struct ApiKey {
    base::KeyId id{};
    base::AccountId account_id{};
    std::string name{};
    std::string prefix{}; // first 7 characters of the secret, for display
    std::string suffix{}; // last 4
    KeyState state = KeyState::active;
    std::optional<base::WallTime> expires_at{};
    Policy policy{};
    std::map<std::string, std::string> metadata{};
    std::uint64_t generation = 1; // grows with every change
    base::WallTime created_at{};
    friend bool operator==(const ApiKey&, const ApiKey&) = default;
};

/// What a lookup by secret yields: the key and what matters of its account.
struct KeyRecord {
    ApiKey key{};
    bool account_disabled = false;
    std::optional<std::uint32_t> account_concurrency{}; // absent: accounts.concurrency of the configuration
    std::optional<base::WallTime> secret_expires_at{};  // end of the grace of a rotated secret
    friend bool operator==(const KeyRecord&, const KeyRecord&) = default;
};

/// The fields that a change may touch; absent means unchanged, an inner absent means "no limit".
struct KeyPatch {
    std::optional<std::string> name{};
    std::optional<std::uint32_t> rate_limit{};
    std::optional<std::optional<std::uint64_t>> token_limit{};
    std::optional<std::optional<std::uint32_t>> concurrency{};
    std::optional<std::optional<base::Money>> budget{};
    std::optional<BudgetPeriod> budget_period{};
    std::optional<std::optional<base::WallTime>> expires_at{};
    std::optional<std::vector<std::string>> models{};
    std::optional<std::vector<std::string>> ip_allow{};
    std::optional<OnDisconnect> on_disconnect{};
    std::optional<std::map<std::string, std::string>> metadata{};
    std::optional<KeyState> state{}; // revoked is final
    friend bool operator==(const KeyPatch&, const KeyPatch&) = default;
};

/// Changes the fields that the patch names; the generation is the store's affair.
void apply_patch(ApiKey& key, const KeyPatch& patch);

/// `sk-` + 64 lower-case hexadecimal characters.
inline constexpr std::size_t key_length = 67;
bool is_well_formed_key(std::string_view text);

/// A fresh secret from the system's CSPRNG.
std::string generate_key();

/// May this key be used now? Errors: revoked_key, disabled_key, account_disabled, expired_key, invalid_key
/// (a rotated secret past its grace), in this order.
base::Result<void> check_usable(const KeyRecord& record, base::WallTime now);

/// Does `pattern` (with * for any run of characters) match the whole of `model`?
bool matches_pattern(std::string_view pattern, std::string_view model);
bool is_model_allowed(const Policy& policy, std::string_view model);

/// Is `address` (IPv4, IPv6 or IPv4-mapped text) in one of the policy's blocks? An unreadable address is not.
bool is_address_allowed(const Policy& policy, std::string_view address);

/// Checks ranges and forms of all fields of a key that a person wrote. Error: invalid_field with `param`.
base::Result<void> validate_key(const ApiKey& key, std::uint32_t max_rate_limit);

} // namespace tollgate::domain
