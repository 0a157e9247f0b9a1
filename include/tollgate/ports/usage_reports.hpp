// What the dashboard asks of the books beyond Ledger: series, latencies, calls by their outcome, what wallets
// were charged by day. Everything but single calls comes from sums that are kept while events are counted.
// Blocking, any thread, like Ledger.
#pragma once

#include "tollgate/domain/latency.hpp"
#include "tollgate/ports/ledger.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tollgate::ports {

struct GroupLatency {
    std::string name{};
    domain::LatencySums sums{}; // of calls with a status below 400
};

/// One point of a series: a day of billing.time_zone, or an hour of UTC.
struct SeriesPoint {
    std::string day{};     // "2026-11-23"; empty in series by hour
    base::WallTime hour{}; // its start; the epoch in series by day
    std::string name{};    // of the group; empty for GroupBy::nothing
    UsageSums sums{};
};

struct StatusRange {
    std::uint16_t low = 0;
    std::uint16_t high = 999; // included
};

struct CallQuery {
    UsageFilter filter{};
    TimeRange times{}; // of the start
    StatusRange status{};
    std::optional<EventCursor> after{}; // `next` of the page before
    std::size_t limit = 100;            // at most 1,000
    std::size_t scan = 20'000;          // calls that are looked at, at most, whether they match or not
};

struct WalletDay {
    std::chrono::local_days day{};
    base::Money charged{};
    std::uint64_t requests = 0; // of the account on that day, charged to the wallet or not
};

struct AccountSpend {
    base::Money spent{};
    std::uint64_t requests = 0;
};

/// Which of the rows of LedgerBatch::latencies answer a question: the fewest that can.
enum class LatencyRows { details, account_models, accounts, models, all };
LatencyRows latency_rows(const UsageFilter& filter, GroupBy group);

class UsageReports {
public:
    virtual ~UsageReports() = default;

    /// Groups without a call that succeeded are left out.
    virtual base::Result<std::vector<GroupLatency>> latencies(const UsageFilter& filter, const DayRange& days,
                                                              GroupBy group) = 0;

    /// Oldest first, then by name. GroupBy::day is no group of a series: it is taken for nothing.
    virtual base::Result<std::vector<SeriesPoint>> days(const UsageFilter& filter, const DayRange& days,
                                                        GroupBy group) = 0;
    virtual base::Result<std::vector<SeriesPoint>> hours(const UsageFilter& filter, const TimeRange& times,
                                                         GroupBy group) = 0;

    /// A page can be short, or empty, and still have a next one: `scan` calls were looked at.
    virtual base::Result<EventPage> calls(const CallQuery& query) = 0;

    /// Days on which the account's wallet was charged, newest first, before `before` if it is given.
    virtual base::Result<std::vector<WalletDay>> wallet_days(const base::AccountId& account_id,
                                                             std::optional<std::chrono::local_days> before,
                                                             std::size_t limit) = 0;

    /// Of all time; accounts without a call are left out.
    virtual base::Result<std::map<base::AccountId, AccountSpend>> account_spends() = 0;
};

} // namespace tollgate::ports
