// Sends each request to the part that serves its path: /v1 to the gateway, /health to health, everything else
// to the dashboard. One per worker.
#pragma once

#include "app/health.hpp"
#include "tollgate/http/handler.hpp"

namespace tollgate::app {

class Front final : public http::Handler {
public:
    Front(http::Handler& gateway, http::Handler& dashboard, const Health& health)
        : gateway_(gateway), dashboard_(dashboard), health_(health) {}

    runtime::Task<> serve(http::Exchange& exchange) override;

private:
    http::Handler& gateway_;
    http::Handler& dashboard_;
    const Health& health_;
};

} // namespace tollgate::app
