#include "dashboard/access_line.hpp"

#include "tollgate/runtime/clock.hpp"
#include "tollgate/telemetry/access_log.hpp"

namespace tollgate::dashboard {

AccessLine::~AccessLine() {
    const http::Responder& responder = exchange_.responder();
    const auto duration = runtime::steady_now() - exchange_.received_at();
    metrics_.api_request_ended({.route = route_,
                                .status = responder.status(),
                                .duration = std::chrono::duration_cast<std::chrono::microseconds>(duration)});
    telemetry::AccessEntry entry;
    entry.request_id = exchange_.id().text();
    entry.client_address = address_;
    entry.method = exchange_.head().method;
    entry.path = exchange_.head().path;
    entry.status = responder.status();
    entry.duration = std::chrono::duration_cast<std::chrono::milliseconds>(duration);
    entry.bytes_in = exchange_.body_bytes();
    entry.bytes_out = responder.bytes_sent();
    entry.account_id = account_id_;
    if (reason_) entry.reason = base::to_string(*reason_);
    telemetry::log_access(entry);
}

} // namespace tollgate::dashboard
