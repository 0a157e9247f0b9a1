// What a quota store takes and gives. A demand asks for one request's place in every limit at once: requests
// and tokens in the rolling minute, places in flight, and money in each purse. All or nothing.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/base/ids.hpp"
#include "tollgate/base/money.hpp"
#include "tollgate/base/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tollgate::domain {

enum class PurseKind { budget, wallet };

/// A counter of money with a cap: spent + reserved never passes it. A key's budget in one period is a purse
/// ("budget:key_12ab:2026-11", cap = budget), an account's wallet is another ("wallet:acc_34cd", cap = lots
/// that count).
struct Purse {
    PurseKind kind = PurseKind::budget;
    std::string name{};
    base::Money cap{};
    std::chrono::seconds resets_in{0}; // end of the period, for messages; 0: never
};

/// Totals of a purse as the ledger has them.
struct PurseTotal {
    std::string name{};
    base::Money spent{};
    friend bool operator==(const PurseTotal&, const PurseTotal&) = default;
};

struct Demand {
    base::RequestId id{}; // of the reservation; a repeat with the same id gives the same answer
    base::KeyId key_id{};
    base::AccountId account_id{};
    std::uint64_t generation = 0;               // of the key record that the worker used
    bool is_just_read = false;                  // that record, from the key store, for this very call
    std::uint32_t rate_limit = 0;               // requests in any 60 s
    std::optional<std::uint64_t> token_limit{}; // tokens in any 60 s
    std::uint64_t tokens = 0;                   // what the call is counted as until it is settled
    std::uint32_t account_concurrency = 0;
    std::optional<std::uint32_t> key_concurrency{};
    std::vector<Purse> purses{};
    base::Money bound{};           // the most that the call can cost
    base::Money minimum{};         // the least that is worth reserving; minimum <= bound
    std::chrono::seconds lease{0}; // after which an unsettled reservation is reaped
    base::SteadyTime now{};
};

/// The numbers that headers and error bodies print.
struct QuotaNumbers {
    std::uint32_t requests_limit = 0;
    std::uint32_t requests_remaining = 0;
    std::chrono::milliseconds requests_reset{0}; // until the window is empty again
    std::optional<std::uint64_t> tokens_limit{};
    std::uint64_t tokens_remaining = 0;
    std::chrono::milliseconds tokens_reset{0};
    // Of the purse that binds (a refusal) or of the budget (a grant).
    std::optional<base::Money> budget{};
    base::Money spent{};
    base::Money reserved{}; // by calls in flight, this one included
    std::chrono::seconds budget_resets_in{0};
};

struct Grant {
    base::Money amount{}; // set aside: minimum <= amount <= bound
    QuotaNumbers numbers{};
};

struct Refusal {
    // requests_per_minute, tokens_per_minute, concurrency, budget_exceeded, wallet_empty, budget_reserved
    base::ErrorCode reason = base::ErrorCode::internal;
    std::string detail{};                     // for concurrency: "account" or "key"
    std::chrono::milliseconds retry_after{0}; // when a repeat may succeed; 0: unknown
    QuotaNumbers numbers{};
};

/// The store does not know these purses: load their totals, call warm(), repeat.
struct Cold {
    std::vector<std::string> purses{};
    std::uint64_t epoch = 0; // of the store's counters, for warm()
};

/// The key has changed since the worker read it: read it again, repeat.
struct Stale {};

using Decision = std::variant<Grant, Refusal, Cold, Stale>;

/// The end of a reservation.
struct Charge {
    base::RequestId id{};
    base::Money cost{};
    std::uint64_t tokens = 0; // really used; replaces what the demand was counted as
    base::SteadyTime now{};
};

} // namespace tollgate::domain
