#include "app/cluster_view.hpp"

#include "tollgate/runtime/clock.hpp"

#include <algorithm>
#include <future>

namespace tollgate::app {

namespace {

constexpr std::chrono::seconds worker_patience{1};

dashboard::CredentialStanding standing_of(domain::BreakerState state) {
    switch (state) {
    case domain::BreakerState::closed: return dashboard::CredentialStanding::closed;
    case domain::BreakerState::open: return dashboard::CredentialStanding::open;
    case domain::BreakerState::trial: return dashboard::CredentialStanding::half_open;
    }
    return dashboard::CredentialStanding::closed;
}

void merge(dashboard::CredentialHealth& known, const gateway::CredentialState& seen, base::WallTime now) {
    known.workers += 1;
    known.failures = std::max(known.failures, seen.failures);
    known.standing = std::max(known.standing, standing_of(seen.breaker));
    if (seen.breaker != domain::BreakerState::open) return;
    known.open_workers += 1;
    known.open_until = std::max(known.open_until.value_or(now), now + seen.opens_again);
}

dashboard::ProviderHealth begin(const gateway::ProviderState& seen) {
    dashboard::ProviderHealth health{.name = seen.name, .base_url = seen.base_url, .attempts = seen.attempts};
    for (std::size_t credential = 0; credential < seen.credentials.size(); ++credential)
        health.credentials.push_back({.label = std::to_string(credential + 1)});
    return health;
}

} // namespace

void merge(std::vector<dashboard::ProviderHealth>& known, const std::vector<gateway::ProviderState>& seen,
           base::WallTime now) {
    for (const gateway::ProviderState& provider : seen) {
        auto found = std::ranges::find(known, provider.name, &dashboard::ProviderHealth::name);
        if (found == known.end()) found = known.insert(known.end(), begin(provider));
        // During a reload workers may differ for a moment.
        const std::size_t count = std::min(found->credentials.size(), provider.credentials.size());
        for (std::size_t credential = 0; credential < count; ++credential)
            merge(found->credentials[credential], provider.credentials[credential], now);
    }
}

std::vector<dashboard::ProviderHealth> ClusterView::providers(base::WallTime now) const {
    using States = std::vector<gateway::ProviderState>;
    std::vector<std::future<States>> answers;
    for (const auto& unit : workers_) {
        // Shared with the worker: it may answer when nobody waits any more.
        auto promise = std::make_shared<std::promise<States>>();
        answers.push_back(promise->get_future());
        unit->worker().post([promise, &gateway = unit->gateway()] {
            promise->set_value(gateway.providers(runtime::steady_now()));
        });
    }
    std::vector<dashboard::ProviderHealth> known;
    for (std::future<States>& answer : answers) {
        if (answer.wait_for(worker_patience) == std::future_status::ready) merge(known, answer.get(), now);
    }
    return known;
}

dashboard::NodeStatus ClusterView::node() const {
    dashboard::NodeStatus self = self_;
    self.workers = static_cast<std::uint32_t>(workers_.size());
    for (const auto& unit : workers_) self.connections += unit->connections();
    self.ready = health_.is_ready();
    self.parts = health_.parts();
    return self;
}

} // namespace tollgate::app
