// Gathers what is to be said of one request, writes it as one line of the access log and counts it when the
// request is over, however it ends. Lives in the frame of serve().
#pragma once

#include "gateway/outcome.hpp"
#include "gateway/principal.hpp"
#include "tollgate/domain/call.hpp"
#include "tollgate/http/exchange.hpp"
#include "tollgate/telemetry/access_log.hpp"
#include "tollgate/telemetry/metrics.hpp"

#include <memory>
#include <optional>
#include <string>

namespace tollgate::gateway {

class AccessLine {
public:
    AccessLine(const http::Exchange& exchange, telemetry::MetricShard& metrics)
        : exchange_(exchange), metrics_(metrics) {
        metrics_.request_began();
    }
    AccessLine(const AccessLine&) = delete;
    AccessLine& operator=(const AccessLine&) = delete;
    ~AccessLine();

    void know(const Principal& principal);
    void know(const domain::Call& call) {
        model_ = call.model;
        endpoint_ = call.endpoint;
        stream_ = call.stream;
    }
    void know_reason(base::ErrorCode reason) { reason_ = reason; }
    /// How the call ends, once it goes upstream; filled in by whoever ends it.
    Outcome& outcome() { return outcome_.emplace(); }

private:
    void count() const;

    const http::Exchange& exchange_;
    telemetry::MetricShard& metrics_;
    std::optional<domain::Endpoint> endpoint_;
    std::shared_ptr<const domain::KeyRecord> key_;
    std::string address_;
    std::string model_;
    std::optional<base::ErrorCode> reason_;
    std::optional<Outcome> outcome_;
    bool stream_ = false;
};

} // namespace tollgate::gateway
