// What follows from one snapshot of the settings on one worker: connections to providers, and the stages that
// read prices and routes. A reload makes a new edition; a call keeps the one that it began with to its end.
#pragma once

#include "gateway/admit.hpp"
#include "gateway/forward.hpp"
#include "gateway/settle.hpp"
#include "tollgate/gateway/gateway.hpp"

#include <memory>
#include <vector>

namespace tollgate::gateway {

/// What outlives every edition.
struct EditionParts {
    const GatewayServices& services;
    Authenticate& authenticate;
    Purses& purses;
    runtime::Resolver& resolver;
    AdmitRules rules{};
};

struct Edition {
    Edition(const EditionParts& parts, std::shared_ptr<const GatewaySnapshot> settings);
    Edition(const Edition&) = delete;
    Edition& operator=(const Edition&) = delete;

    void close_idle_connections(base::SteadyTime now);
    std::vector<ProviderState> providers(base::SteadyTime now) const;

    std::shared_ptr<const GatewaySnapshot> snapshot;
    std::vector<std::unique_ptr<upstream::Upstream>> upstreams;
    Admit admit;
    Forward forward;
    Settle settle;
};

} // namespace tollgate::gateway
