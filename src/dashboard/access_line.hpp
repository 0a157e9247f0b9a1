// The access log's line for a request to the management API or the page; written when the request is over,
// however it ends. Lives in the frame of serve().
#pragma once

#include "tollgate/base/ids.hpp"
#include "tollgate/http/exchange.hpp"

#include <optional>
#include <string>
#include <utility>

namespace tollgate::dashboard {

class AccessLine {
public:
    AccessLine(const http::Exchange& exchange, std::string client_address)
        : exchange_(exchange), address_(std::move(client_address)) {}
    AccessLine(const AccessLine&) = delete;
    AccessLine& operator=(const AccessLine&) = delete;
    ~AccessLine();

    void know_account(const base::AccountId& id) { account_id_ = id.text(); }
    void know_reason(base::ErrorCode reason) { reason_ = reason; }

private:
    const http::Exchange& exchange_;
    std::string address_;
    std::string account_id_;
    std::optional<base::ErrorCode> reason_;
};

} // namespace tollgate::dashboard
