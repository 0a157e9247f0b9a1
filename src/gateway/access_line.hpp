// Gathers what is to be said of one request and writes it as one line of the access log when the request is
// over, however it ends. Lives in the frame of serve().
#pragma once

#include "gateway/outcome.hpp"
#include "gateway/principal.hpp"
#include "tollgate/domain/call.hpp"
#include "tollgate/http/exchange.hpp"
#include "tollgate/telemetry/access_log.hpp"

#include <optional>
#include <string>

namespace tollgate::gateway {

class AccessLine {
public:
    explicit AccessLine(const http::Exchange& exchange) : exchange_(exchange) {}
    AccessLine(const AccessLine&) = delete;
    AccessLine& operator=(const AccessLine&) = delete;
    ~AccessLine();

    void know(const Principal& principal);
    void know(const domain::Call& call) {
        model_ = call.model;
        stream_ = call.stream;
    }
    void know_reason(base::ErrorCode reason) { reason_ = reason; }
    void know(Outcome outcome) { outcome_ = std::move(outcome); }

private:
    const http::Exchange& exchange_;
    std::string key_id_;
    std::string account_id_;
    std::string address_;
    std::string model_;
    std::optional<base::ErrorCode> reason_;
    std::optional<Outcome> outcome_;
    bool stream_ = false;
};

} // namespace tollgate::gateway
