#include "gateway/edition.hpp"

#include <utility>

namespace tollgate::gateway {

namespace {

std::vector<std::unique_ptr<upstream::Upstream>> make_upstreams(const EditionParts& parts,
                                                                const GatewaySnapshot& snapshot) {
    std::vector<std::unique_ptr<upstream::Upstream>> upstreams;
    for (const upstream::Provider& provider : snapshot.providers) {
        upstreams.push_back(std::make_unique<upstream::Upstream>(parts.services.worker, parts.resolver,
                                                                 provider, &parts.services.metrics));
    }
    return upstreams;
}

CredentialState state_of(const domain::Breaker& breaker, base::SteadyTime now) {
    CredentialState state{.breaker = breaker.state(), .failures = breaker.failures()};
    if (breaker.state() != domain::BreakerState::closed && breaker.open_until() > now)
        state.opens_again = std::chrono::ceil<std::chrono::milliseconds>(breaker.open_until() - now);
    return state;
}

} // namespace

Edition::Edition(const EditionParts& parts, std::shared_ptr<const GatewaySnapshot> settings)
    : snapshot(std::move(settings)),
      upstreams(make_upstreams(parts, *snapshot)),
      admit({parts.services.worker, parts.services.quota, parts.services.journal, parts.authenticate,
             parts.purses, snapshot->router, snapshot->tariff, parts.rules}),
      forward({parts.services.worker, upstreams, snapshot->tariff, parts.services.metrics}),
      settle(snapshot->tariff) {}

void Edition::close_idle_connections(base::SteadyTime now) {
    for (const auto& upstream : upstreams) upstream->pool().close_idle(now);
}

std::vector<ProviderState> Edition::providers(base::SteadyTime now) const {
    std::vector<ProviderState> states;
    for (const auto& upstream : upstreams) {
        const upstream::Provider& provider = upstream->provider();
        ProviderState state{.name = provider.name,
                            .base_url = (provider.tls ? "https://" : "http://") + provider.host_field +
                                        provider.base_path,
                            .attempts = provider.attempts};
        for (std::size_t credential = 0; credential < provider.keys.size(); ++credential)
            state.credentials.push_back(state_of(upstream->breaker(credential), now));
        states.push_back(std::move(state));
    }
    return states;
}

} // namespace tollgate::gateway
