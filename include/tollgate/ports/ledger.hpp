// The books: every call counted once, what was spent by whom, and the prepaid lots of wallets. Blocking: call
// it from the blocking pool, the journal's flusher or the command line, never from a worker. Every method may
// be called from any thread. Error: storage_unavailable, and what the method names.
#pragma once

#include "tollgate/domain/correction.hpp"
#include "tollgate/domain/ledger_batch.hpp"
#include "tollgate/domain/ledger_event.hpp"
#include "tollgate/domain/quota.hpp"
#include "tollgate/domain/wallet.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::ports {

struct AppendSummary {
    std::size_t inserted = 0;
    std::size_t repeated = 0;                 // request ids that were counted before: nothing was added
    std::vector<domain::PurseTotal> totals{}; // of every purse that the batch touched, as they are now
};

/// Both ends are optional; `first` and `last` are included.
struct DayRange {
    std::optional<std::chrono::local_days> first{};
    std::optional<std::chrono::local_days> last{};
};

/// `from` is included, `until` is not.
struct TimeRange {
    std::optional<base::WallTime> from{};
    std::optional<base::WallTime> until{};
};

/// An absent field matches everything. Models are named as the provider knows them.
struct UsageFilter {
    std::optional<base::AccountId> account_id{};
    std::optional<base::KeyId> key_id{};
    std::optional<std::string> model{};
    std::optional<std::string> provider{};
};

using domain::UsageSums;

enum class GroupBy { nothing, account, key, model, provider, day };

struct UsageGroup {
    std::string name{}; // id, model, provider or "2026-11-23"; empty for GroupBy::nothing
    UsageSums sums{};
};

/// One point of a series: hours are UTC ("2026-11-23T09:00:00Z").
struct UsagePoint {
    base::WallTime hour{};
    UsageSums sums{};
};

struct EventCursor {
    base::WallTime started_at{};
    base::RequestId request_id{};
};

struct EventQuery {
    UsageFilter filter{};
    TimeRange times{};                  // of the start
    std::optional<EventCursor> after{}; // `next` of the page before
    std::size_t limit = 100;            // at most 1,000
};

struct EventPage {
    std::vector<domain::UsageEvent> events{}; // newest first
    std::optional<EventCursor> next{};        // absent: that was the last page
};

/// Spend of one key: of all time, and since the first days of the running periods.
struct KeySpend {
    base::Money total{};
    base::Money day{};
    base::Money week{};
    base::Money month{};
    std::uint64_t requests = 0; // of all time
    std::optional<base::WallTime> last_used_at{};
};

using LotId = base::Id<struct LotIdTag>;

/// A prepaid amount. Lots are consumed oldest first: in the order in which they were added.
struct Lot {
    LotId id{}; // of the caller's choice: "lot_" + hex, or a payment's reference; a repeat is refused
    base::AccountId account_id{};
    base::Money amount{};   // positive
    base::Money consumed{}; // ignored by add_lot
    base::WallTime added_at{};
    std::optional<base::WallTime> expires_at{};
    std::string note{};
};

using domain::Wallet;

/// What verify() found. Empty `differences`: the books are right.
struct LedgerReport {
    std::uint64_t events = 0;
    std::uint64_t lots = 0;
    base::Money total{};                    // of all events
    std::vector<std::string> differences{}; // sentences; at most 100
    std::vector<std::string> notes{}; // worth knowing, not wrong: debts of calls that cost more than promised
};

/// Error: invalid_field (an event that is not is_countable()).
base::Result<void> check(std::span<const domain::UsageView> events);

class Ledger {
public:
    virtual ~Ledger() = default;

    /// Counts the events in one transaction, each exactly once by request id: adds those not seen before to
    /// the totals of purses, keys and accounts, to wallets' lots and to the hourly and daily sums. All or
    /// nothing; a repeat after an unknown outcome is harmless. Error: invalid_field (an event
    /// that is not is_countable()).
    virtual base::Result<AppendSummary> append(std::span<const domain::UsageView> events) = 0;
    base::Result<AppendSummary> append(std::span<const domain::UsageEvent> events);

    /// Puts the costs of counted events right, in one transaction, with everything that follows from them:
    /// sums by hour and day, totals, purses, wallets; what an event cost before stays on file. What a cost
    /// falls by pays the account's debts first and then goes back to the lots that were consumed last; what
    /// it rises by is taken from the lots that were good when the call began, and what these lack becomes a
    /// debt that broke no promise. All or nothing. Answers the new totals of the purses. Errors:
    /// invalid_field (domain::check), conflict (an event that is not there, was forgotten or does not cost
    /// `before`).
    virtual base::Result<std::vector<domain::PurseTotal>> correct(const domain::Repricing& repricing) = 0;

    /// For QuotaStore::warm: what was spent under this name (domain/purse.hpp); zero for an unknown one.
    virtual base::Result<base::Money> purse_total(std::string_view name) = 0;

    /// `today` is the date in billing.time_zone.
    virtual base::Result<KeySpend> key_spend(const base::KeyId& key_id, std::chrono::local_days today) = 0;

    /// Sums in `days`, by group, the costliest first (days: the oldest first). GroupBy::nothing answers one
    /// group.
    virtual base::Result<std::vector<UsageGroup>> summary(const UsageFilter& filter, const DayRange& days,
                                                          GroupBy group) = 0;
    /// Hours with calls in `times` (its ends are taken down to the hour), oldest first. For a series of days
    /// ask summary() by day.
    virtual base::Result<std::vector<UsagePoint>> hours(const UsageFilter& filter,
                                                        const TimeRange& times) = 0;

    virtual base::Result<EventPage> events(const EventQuery& query) = 0;

    /// Pays the account's debt first. Errors: already_exists (id), invalid_field (amount), not_found
    /// (account).
    virtual base::Result<void> add_lot(const Lot& lot) = 0;
    virtual base::Result<std::vector<Lot>> lots(const base::AccountId& account_id) = 0; // oldest first
    virtual base::Result<Wallet> wallet(const base::AccountId& account_id, base::WallTime now) = 0;

    /// Proves the books: every event counted once, sums equal, lots consistent. Reads one snapshot.
    virtual base::Result<LedgerReport> verify() = 0;

    /// Forgets the events of days before `day`; sums by day and totals stay. Returns how many went.
    virtual base::Result<std::size_t> forget_before(std::chrono::local_days day) = 0;
};

} // namespace tollgate::ports
