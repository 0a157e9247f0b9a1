// The composition root: builds everything from the settings, by hand, in order of life, and takes it down
// again in the order of the drain. Owned by serve(); its control loop runs on the calling thread.
#pragma once

#include "app/cluster_view.hpp"
#include "app/health.hpp"
#include "app/key_watch.hpp"
#include "app/metrics_page.hpp"
#include "app/retention.hpp"
#include "app/serve.hpp"
#include "app/worker_unit.hpp"
#include "tollgate/config/config.hpp"
#include "tollgate/ports/storage.hpp"
#include "tollgate/runtime/blocking_pool.hpp"
#include "tollgate/storage/journal.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

struct ssl_ctx_st;

namespace tollgate::app {

/// Passes what the ledger has counted on to where limits are counted, as a floor.
class TotalsFloor final : public storage::TotalsListener {
public:
    explicit TotalsFloor(storage::MemoryQuotaState& quota) : quota_(quota) {}
    void counted(std::span<const domain::UsageView> events,
                 std::span<const domain::PurseTotal> totals) noexcept override {
        const std::lock_guard lock(mutex_);
        if (fleet_ != nullptr) return fleet_->counted(events, totals);
        for (const domain::PurseTotal& total : totals) quota_.warm(total);
    }
    /// nullptr: the workers are about to go.
    void share(SharedQuota* fleet) {
        const std::lock_guard lock(mutex_);
        fleet_ = fleet;
    }

private:
    storage::MemoryQuotaState& quota_;
    std::mutex mutex_; // held for each batch of the ledger, by the journal's thread
    SharedQuota* fleet_ = nullptr;
};

class Application {
public:
    Application(const config::Config& config, ConfigReader read_again);
    ~Application();
    Application(const Application&) = delete;
    Application& operator=(const Application&) = delete;

    /// Opens storage and sockets, starts the workers. Error: what could not be opened, and why.
    base::Result<void> start();

    /// Until SIGTERM or SIGINT.
    void run_until_signal();

    /// Refuses new connections, lets calls finish within server.drain_timeout, cuts the rest.
    void drain();

private:
    base::Result<std::unique_ptr<ports::Storage>> wait_for_storage();
    base::Result<void> open_storage_and_journal();
    base::Result<void> start_retention();
    base::Result<void> prepare_dashboard();
    base::Result<void> start_fleet();
    void leave_fleet();
    base::Result<void> open_listeners();
    base::Result<void> open_metrics();
    base::Result<void> open_listener(const config::ListenAddress& address);
    void wait_for_signal();
    void reload();
    base::Result<void> adopt(const config::Config& settings);
    void watch_key_changes();
    void take_key_changes(const base::Result<ports::KeyChanges>& changes);
    void say_ready() const;
    std::size_t connections() const;
    bool is_drained() const;
    void wait_until_drained(base::SteadyTime deadline);
    void look_at_drain(base::SteadyTime deadline);

    config::Config config_;
    ConfigReader read_again_;
    telemetry::MetricLabels labels_;
    Health health_;
    std::unique_ptr<ports::Storage> storage_;
    storage::MemoryQuotaState quota_;
    std::unique_ptr<SharedQuota> fleet_; // empty: limits are counted in this process
    TotalsFloor totals_{quota_};
    std::unique_ptr<storage::Journal> journal_;
    std::shared_ptr<ssl_ctx_st> server_tls_;
    std::unique_ptr<telemetry::Metrics> metrics_;
    runtime::BlockingPool pool_;
    runtime::BlockingPool dashboard_pool_;
    runtime::BlockingPool hashing_pool_;
    std::vector<std::unique_ptr<WorkerUnit>> workers_;
    std::unique_ptr<ClusterView> cluster_;
    std::unique_ptr<DashboardParts> dashboard_parts_;
    std::unique_ptr<runtime::Worker> metrics_worker_;
    std::unique_ptr<MetricsPage> metrics_page_;
    std::unique_ptr<server::Listener> metrics_listener_;
    std::vector<std::string> addresses_;
    boost::asio::io_context control_{1};
    boost::asio::signal_set signals_{control_};
    boost::asio::steady_timer drain_timer_{control_};
    std::unique_ptr<Retention> retention_;
    std::uint64_t key_sequence_ = 0;
    std::unique_ptr<KeyWatch> key_watch_; // posts to control_
};

} // namespace tollgate::app
