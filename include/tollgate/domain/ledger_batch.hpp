// What a batch of usage events adds to the books, worked out before a database is touched: sums by hour and
// day, totals of keys, accounts and purses, charges to wallets. A correction of costs adds to the same
// places. Ordered maps, so that every adapter takes its row locks in the same order and two nodes cannot
// deadlock.
#pragma once

#include "tollgate/domain/correction.hpp"
#include "tollgate/domain/latency.hpp"
#include "tollgate/domain/ledger_event.hpp"
#include "tollgate/domain/purse.hpp"

#include <array>
#include <compare>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace tollgate::domain {

struct UsageSums {
    std::uint64_t requests = 0;
    std::uint64_t failed = 0; // status of 400 and above
    std::uint64_t input = 0;
    std::uint64_t cached_input = 0;
    std::uint64_t cache_write = 0;
    std::uint64_t output = 0;
    std::uint64_t audio_input = 0;
    std::uint64_t audio_output = 0;
    std::uint64_t images = 0;
    base::Money cost{};

    void add(const UsageView& event);
    void add(const UsageEvent& event) { add(view_of(event)); }
    void add(const UsageSums& other);
    friend bool operator==(const UsageSums&, const UsageSums&) = default;
};

struct BucketKey {
    base::AccountId account_id{};
    base::WallTime hour{}; // start of the hour (UTC); the epoch in sums by day
    std::chrono::local_days day{};
    base::KeyId key_id{};
    std::string model{};
    std::string provider{};
    friend auto operator<=>(const BucketKey&, const BucketKey&) = default;
};

struct BucketSums {
    UsageSums usage{};
    base::Money wallet{}; // the part of the cost that wallets are charged
};

/// Calls that succeeded, by how long they took: of each group, and, with the other fields empty, of each
/// account, of each model and provider within an account and over all accounts, and of all. So long ranges
/// are answered from few rows.
struct LatencyKey {
    BucketKey group{};      // of a day
    std::size_t bucket = 0; // domain/latency.hpp
    friend auto operator<=>(const LatencyKey&, const LatencyKey&) = default;
};

struct LatencySum {
    std::uint64_t calls = 0;
    std::uint64_t total_ms = 0;
};

struct KeyTotal {
    base::AccountId account_id{};
    base::Money spent{};
    std::uint64_t requests = 0;
    base::WallTime last_used_at{};
};

struct AccountTotal {
    base::Money spent{};
    std::uint64_t requests = 0;
};

/// A call as it was made, or a change of its cost afterwards.
enum class ChargeKind { call, correction };

struct WalletCharge {
    base::RequestId request_id{};
    base::Money cost{}; // of a correction: the difference, which may be negative
    base::Money bound{};
    base::WallTime started_at{};
    ChargeKind kind = ChargeKind::call;
};

struct LedgerBatch {
    LedgerBatch() = default;
    LedgerBatch(const LedgerBatch&) = delete; // its places point into its maps
    LedgerBatch& operator=(const LedgerBatch&) = delete;

    std::map<BucketKey, BucketSums> hours{};
    std::map<BucketKey, BucketSums> days{};
    std::map<LatencyKey, LatencySum> latencies{};
    std::map<base::KeyId, KeyTotal> keys{};
    std::map<base::AccountId, AccountTotal> accounts{};
    std::map<std::string, base::Money> purses{}; // budgets only: wallets are in `wallets`
    std::map<base::AccountId, std::vector<WalletCharge>> wallets{};

    /// The event's texts are not kept.
    void add(const UsageView& event);
    void add(const UsageEvent& event) { add(view_of(event)); }

    /// The event's cost changes by `difference`, and nothing else.
    void correct(const UsageEvent& event, base::Money difference);

private:
    static constexpr std::size_t latency_groups = 5;

    /// Where the events of one group and hour are added: most of a batch are of few groups, and finding each
    /// of a dozen sums anew for each event would cost more than adding to it.
    struct Places {
        const BucketKey* group = nullptr; // with its hour
        BucketSums* of_hour = nullptr;
        BucketSums* of_day = nullptr;
        KeyTotal* of_key = nullptr;
        AccountTotal* of_account = nullptr;
        std::vector<WalletCharge>* of_wallet = nullptr; // once a wallet was charged
        std::array<base::Money*, budget_periods.size()> of_purses{};
        // By bucket, once there was a call in it: the sums that LatencyKey tells of.
        std::array<std::array<LatencySum*, latency_groups>, latency_bounds_ms.size()> latencies{};
    };

    Places& places_of(const UsageView& event);
    Places make_places(const UsageView& event, base::WallTime hour);
    void put(Places& places, const UsageView& event, const UsageSums& sums);
    void charge(Places& places, const UsageView& event, const WalletCharge& charge);
    void add_latency(Places& places, const UsageView& event);

    std::unordered_multimap<std::size_t, Places> places_; // by hash
};

/// Can this event go into the books: ids present, no negative cost, no figure beyond 10^15? The last is far
/// above any real call and far below where sums of 64 bits end.
bool is_countable(const UsageView& event);
inline bool is_countable(const UsageEvent& event) {
    return is_countable(view_of(event));
}
bool is_countable_cost(base::Money cost);

/// The model under which sums are kept.
template <class Texts>
const typename Texts::Text& billed_model(const UsageFields<Texts>& event) {
    return event.upstream_model.empty() ? event.model : event.upstream_model;
}

} // namespace tollgate::domain
