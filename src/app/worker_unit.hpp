// Everything that one worker owns, in order of life: its thread, its share of the quota store, its gateway,
// its listeners.
#pragma once

#include "app/front.hpp"
#include "app/shared_quota.hpp"
#include "tollgate/dashboard/dashboard.hpp"
#include "tollgate/gateway/gateway.hpp"
#include "tollgate/runtime/worker.hpp"
#include "tollgate/server/listener.hpp"
#include "tollgate/storage/memory_quota_store.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

namespace tollgate::app {

/// What the dashboards of all workers share.
struct DashboardParts {
    runtime::BlockingPool& pool;
    runtime::BlockingPool& hashing;
    ports::Storage& storage;
    const dashboard::Cluster& cluster;
    std::shared_ptr<const dashboard::DashboardSettings> settings{};
};

/// What a reload changes; made once for all workers.
struct Snapshots {
    std::shared_ptr<const gateway::GatewaySnapshot> gateway{};
    std::shared_ptr<const dashboard::ModelList> models{};
};

/// What all workers share.
struct SharedParts {
    runtime::BlockingPool& pool;
    ports::KeyStore& keys;
    storage::MemoryQuotaState& quota;
    ports::Ledger& ledger;
    storage::Journal& journal;
    telemetry::Metrics& metrics;
    const Health& health;
    const DashboardParts& dashboard;
    SharedQuota* fleet; // where limits are shared by nodes; nullptr: counted in this process
};

class WorkerUnit {
public:
    WorkerUnit(std::size_t index, SharedParts shared, const Snapshots& snapshots,
               const gateway::GatewaySettings& settings);

    void listen(runtime::FileDescriptor socket, const server::ListenerOptions& options);
    void start();

    /// Posts to the worker; may be called from any thread.
    /// They have changed. Where nodes share records, those are not believed until trust_key().
    void forget_keys(const std::vector<base::Digest>& secrets);
    void trust_key(const base::Digest& secret);
    void forget_all_keys();
    /// Reads these keys and puts them into the records that nodes share, if they do.
    /// Brings what the store says of these into the cache that nodes share, as long as an older record may
    /// live there; `replaced` is told of each on this worker's thread.
    using Replaced = std::function<void(const base::Digest& secret)>;
    void refresh_shared_keys(std::vector<base::Digest> secrets, std::chrono::milliseconds life,
                             Replaced replaced);
    void adopt(const Snapshots& snapshots);
    void use_tls(std::shared_ptr<ssl_ctx_st> tls);
    void begin_drain();
    void cut();
    /// After begin_drain(): no connection is left.
    bool is_drained() const { return drained_.load(std::memory_order_acquire); }

    /// Connections that are open; read it on the worker or after it has stopped.
    runtime::Worker& worker() { return worker_; }
    gateway::WorkerGateway& gateway() { return *gateway_; }
    const std::atomic<std::uint64_t>& key_look_ups() const { return key_look_ups_; }
    std::size_t connections() const { return connections_.load(std::memory_order_relaxed); }

private:
    gateway::GatewayServices services_of(const SharedParts& shared);
    void tick();
    static runtime::Task<> finish_drain(WorkerUnit& unit);
    static runtime::Task<> refresh(WorkerUnit& unit, std::vector<base::Digest> secrets, base::SteadyTime end,
                                   Replaced replaced);
    runtime::Task<bool> refresh_one(base::Digest secret);

    runtime::Worker worker_;
    SharedParts shared_;
    runtime::Resolver resolver_; // of Redis
    storage::MemoryQuotaStore local_quota_;
    std::unique_ptr<storage::RedisShare> share_; // empty: limits are counted in this process
    std::unique_ptr<gateway::WorkerGateway> gateway_;
    std::unique_ptr<dashboard::WorkerDashboard> dashboard_;
    Front front_;
    std::vector<std::unique_ptr<server::Listener>> listeners_;
    std::atomic<std::size_t> connections_{0};
    std::atomic<std::uint64_t> key_look_ups_{0};
    std::atomic<bool> drained_{false};
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, runtime::Executor>
        timer_;
};

} // namespace tollgate::app
