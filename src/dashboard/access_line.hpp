// The access log's line for a request to the management API or the page, and its place in the metrics;
// written when the request is over, however it ends. Lives in the frame of serve().
#pragma once

#include "tollgate/base/ids.hpp"
#include "tollgate/http/exchange.hpp"
#include "tollgate/telemetry/metrics.hpp"

#include <optional>
#include <string>
#include <utility>

namespace tollgate::dashboard {

class AccessLine {
public:
    AccessLine(const http::Exchange& exchange, std::string client_address, telemetry::MetricShard& metrics)
        : exchange_(exchange), address_(std::move(client_address)), metrics_(metrics) {}
    AccessLine(const AccessLine&) = delete;
    AccessLine& operator=(const AccessLine&) = delete;
    ~AccessLine();

    void know_account(const base::AccountId& id) { account_id_ = id.text(); }
    void know_route(std::size_t metric_index) { route_ = metric_index; }
    void know_reason(base::ErrorCode reason) { reason_ = reason; }

private:
    const http::Exchange& exchange_;
    std::string address_;
    telemetry::MetricShard& metrics_;
    std::string account_id_;
    std::optional<std::size_t> route_;
    std::optional<base::ErrorCode> reason_;
};

} // namespace tollgate::dashboard
