// Redis and the fleet, where the configuration has them: makes each worker's share and speaks for this node
// with the registry. Owned by Application, outlives the workers.
#pragma once

#include "app/health.hpp"
#include "tollgate/config/config.hpp"
#include "tollgate/ports/storage.hpp"
#include "tollgate/storage/fleet_agent.hpp"
#include "tollgate/storage/journal.hpp"

#include <memory>
#include <semaphore>
#include <string>
#include <vector>

namespace tollgate::app {

/// The settings of storage.redis as the Redis layer wants them. Errors: invalid_configuration.
base::Result<storage::RedisSettings> redis_settings(const config::Storage& settings);

class SharedQuota {
public:
    /// Errors: invalid_configuration (URL, certificate authority, a database without a registry),
    /// storage_unavailable.
    static base::Result<std::unique_ptr<SharedQuota>> open(const config::Config& config,
                                                           ports::Storage& storage);

    /// One for each worker, before start(). `post` runs what it is given on the worker.
    std::unique_ptr<storage::RedisShare> make_share(runtime::Worker& worker, runtime::Resolver& resolver,
                                                    ports::QuotaStore& local);

    /// Every share is made, no worker runs yet.
    base::Result<void> start();

    /// The ledger has counted these calls: tells the workers. Any thread.
    void counted(std::span<const domain::UsageView> events, std::span<const domain::PurseTotal> totals);

    /// No call is in flight any more and the journal is empty: waits a moment until Redis knows, and leaves
    /// the fleet.
    void leave();

    /// Before the workers go.
    void stop() { agent_.stop(); }

    /// Looks after shares that had to forget ended calls; called a few times a second.
    void tend(storage::Journal& journal);

    /// The workers have been told of all changes of keys until now.
    void followed() { followed_us_.store(steady_us(), std::memory_order_relaxed); }

    void report(Health& health) const;
    storage::FleetSummary fleet() const { return agent_.summary(); }
    const std::vector<const storage::ShareStatus*>& statuses() const { return statuses_; }
    const std::string& node() const { return node_; }

private:
    SharedQuota(storage::RedisSettings settings, const config::Keys& keys, ports::Storage& storage,
                std::string node);

    struct Seat {
        runtime::Worker* worker = nullptr;
        storage::RedisShare* share = nullptr;
    };

    static std::int64_t steady_us();

    std::atomic<std::int64_t> followed_us_{steady_us()};
    storage::RedisSettings settings_;
    config::Keys keys_;
    ports::Ledger& ledger_;
    std::string node_;
    storage::FleetAgent agent_;
    std::vector<Seat> seats_;
    std::binary_semaphore pause_{0}; // never released: a bounded wait
    std::vector<const storage::ShareStatus*> statuses_;
};

} // namespace tollgate::app
