// Prometheus' page on a listener of its own (telemetry.metrics_listen), served by a thread that no call
// depends on.
#pragma once

#include "tollgate/http/handler.hpp"
#include "tollgate/storage/journal.hpp"
#include "tollgate/telemetry/metrics.hpp"

#include <atomic>
#include <cstdint>
#include <vector>

namespace tollgate::app {

class SharedQuota;

class MetricsPage final : public http::Handler {
public:
    MetricsPage(const telemetry::Metrics& metrics, const storage::Journal& journal)
        : metrics_(metrics), journal_(journal) {}

    /// What else to show: the fleet, where there is one, and how often key stores were asked, worker by
    /// worker.
    void show(const SharedQuota* fleet, std::vector<const std::atomic<std::uint64_t>*> key_look_ups) {
        fleet_ = fleet;
        key_look_ups_ = std::move(key_look_ups);
    }

    /// GET /metrics; anything else is a 404.
    runtime::Task<> serve(http::Exchange& exchange) override;

private:
    std::string text() const;
    std::vector<telemetry::SampledMetric> fleet_figures() const;

    const telemetry::Metrics& metrics_;
    const storage::Journal& journal_;
    const SharedQuota* fleet_ = nullptr;
    std::vector<const std::atomic<std::uint64_t>*> key_look_ups_;
};

} // namespace tollgate::app
