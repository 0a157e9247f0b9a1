// What one worker has of Redis: the quota store over it and the cache of key records. Made by app for each
// worker, used on that worker's thread, except where a method says otherwise.
#pragma once

#include "tollgate/domain/fleet.hpp"
#include "tollgate/domain/ledger_event.hpp"
#include "tollgate/ports/key_cache.hpp"
#include "tollgate/ports/quota_store.hpp"
#include "tollgate/runtime/resolver.hpp"
#include "tollgate/storage/redis_settings.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace tollgate::storage {

using domain::Holding;
using domain::QuotaHome;

/// What the fleet has agreed on (docs/decisions/0020): an epoch is a stretch of time in which the counters of
/// its home are complete. Nothing is granted to a purse before every node has told a new epoch what it holds.
struct FleetView {
    std::uint64_t epoch = 0;
    QuotaHome home = QuotaHome::shared;
    bool is_founder = false;  // this node declared the epoch and marks the servers
    bool is_complete = false; // every node has told what it holds: purses may be warmed
    std::uint32_t nodes = 1;  // among which limits are divided when each counts for itself
    std::shared_ptr<const std::map<std::string, base::Money>>
        holdings{}; // home local: of all nodes, by purse
};

/// What others may know of the share, on any thread.
struct ShareStatus {
    std::atomic<bool> is_up{false};
    std::atomic<bool> is_refused{false};       // the server does not take our configuration
    std::atomic<std::uint64_t> joined{0};      // the epoch that knows what this worker holds
    std::atomic<std::uint64_t> lost{0};        // the counters of this epoch are not complete any more
    std::atomic<std::uint64_t> commands{0};    // sent to Redis
    std::atomic<std::uint64_t> local_steps{0}; // decisions made without Redis
    std::atomic<std::uint64_t> forgotten{0};   // ended calls, by their number; see caught_up()
    std::atomic<bool> is_overflown{false};     // by more than caught_up() made good: no epoch can be told
    std::atomic<std::size_t> unconfirmed{0};   // calls in flight or not known to be in the ledger
};

/// Told what a worker holds when the fleet goes local; on the worker's thread: must only post.
class HoldingsListener {
public:
    virtual void held(std::uint64_t epoch, std::size_t worker, std::vector<Holding> holdings) = 0;

protected:
    ~HoldingsListener() = default;
};

/// Whose clock the windows and leases go by. `caller`: the instants that demands bring, for tests.
enum class QuotaClock { server, caller };

struct RedisShareOptions {
    std::string session{}; // of this process and worker, unlike any other's
    QuotaClock clock = QuotaClock::server;
    std::chrono::milliseconds patience{2'000};     // how long a purse may wait for the fleet to agree
    std::size_t remembered_calls = 100'000;        // ended, and not in the ledger yet
    std::chrono::milliseconds found_time{300'000}; // life of a key's record
    std::chrono::milliseconds unknown_time{5'000}; // that there is no such key
};

class RedisShare {
public:
    virtual ~RedisShare() = default;

    /// Begins to connect; on the worker's thread or before it runs.
    virtual void start() = 0;
    virtual ports::QuotaStore& quota() = 0;
    virtual ports::KeyCache& keys() = 0;
    virtual void adopt(const FleetView& view) = 0;

    /// The ledger has counted these calls, some of them this worker's; its totals are a floor.
    virtual void counted(std::span<const base::RequestId> calls,
                         std::span<const domain::PurseTotal> totals) = 0;

    /// The ledger has every call that had ended when `forgotten` was read from the status.
    virtual void caught_up(std::uint64_t forgotten) = 0;

    virtual const ShareStatus& status() const = 0; // any thread
};

/// What a share needs; all of it outlives the share.
struct RedisShareServices {
    runtime::Worker& worker;
    runtime::Resolver& resolver;
    const RedisSettings& settings;
    ports::QuotaStore& local;             // where limits are counted without Redis
    HoldingsListener* listener = nullptr; // may be empty
    /// When the changes of keys were followed last, in microseconds of the steady clock; empty: they always
    /// are.
    const std::atomic<std::int64_t>* followed_us = nullptr;
};

std::unique_ptr<RedisShare> make_redis_share(RedisShareServices services, RedisShareOptions options);

} // namespace tollgate::storage
