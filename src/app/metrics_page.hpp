// Prometheus' page on a listener of its own (telemetry.metrics_listen), served by a thread that no call
// depends on.
#pragma once

#include "tollgate/http/handler.hpp"
#include "tollgate/storage/journal.hpp"
#include "tollgate/telemetry/metrics.hpp"

namespace tollgate::app {

class MetricsPage final : public http::Handler {
public:
    MetricsPage(const telemetry::Metrics& metrics, const storage::Journal& journal)
        : metrics_(metrics), journal_(journal) {}

    /// GET /metrics; anything else is a 404.
    runtime::Task<> serve(http::Exchange& exchange) override;

private:
    std::string text() const;

    const telemetry::Metrics& metrics_;
    const storage::Journal& journal_;
};

} // namespace tollgate::app
