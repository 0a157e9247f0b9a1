#include "gateway/edition.hpp"

#include <utility>

namespace tollgate::gateway {

namespace {

std::vector<std::unique_ptr<upstream::Upstream>> make_upstreams(const EditionParts& parts,
                                                                const GatewaySnapshot& snapshot) {
    std::vector<std::unique_ptr<upstream::Upstream>> upstreams;
    for (const upstream::Provider& provider : snapshot.providers) {
        upstreams.push_back(
            std::make_unique<upstream::Upstream>(parts.services.worker, parts.resolver, provider));
    }
    return upstreams;
}

} // namespace

Edition::Edition(const EditionParts& parts, std::shared_ptr<const GatewaySnapshot> settings)
    : snapshot(std::move(settings)),
      upstreams(make_upstreams(parts, *snapshot)),
      admit({parts.services.worker, parts.services.quota, parts.services.journal, parts.authenticate,
             parts.purses, snapshot->router, snapshot->tariff, parts.rules}),
      forward(parts.services.worker, upstreams, snapshot->tariff),
      settle(snapshot->tariff) {}

void Edition::close_idle_connections(base::SteadyTime now) {
    for (const auto& upstream : upstreams) upstream->pool().close_idle(now);
}

} // namespace tollgate::gateway
