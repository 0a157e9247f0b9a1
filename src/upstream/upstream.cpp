#include "tollgate/upstream/upstream.hpp"

#include <algorithm>

namespace tollgate::upstream {

namespace {

bool contains(const std::vector<std::size_t>& tried, std::size_t credential) {
    return std::ranges::find(tried, credential) != tried.end();
}

} // namespace

Upstream::Upstream(runtime::Worker& worker, runtime::Resolver& resolver, const Provider& provider,
                   telemetry::MetricShard* metrics)
    : provider_(provider),
      pool_(worker, resolver, provider, metrics),
      breakers_(provider.keys.size(),
                domain::Breaker({provider.breaker_failures, provider.breaker_open_time})) {}

std::optional<std::size_t> Upstream::choose_credential(const std::vector<std::size_t>& tried,
                                                       base::SteadyTime now) {
    const std::size_t count = breakers_.size();
    for (const bool fresh_only : {true, false}) {
        for (std::size_t step = 0; step < count; ++step) {
            const std::size_t credential = (next_ + step) % count;
            if (fresh_only && contains(tried, credential)) continue;
            if (!breakers_[credential].try_pass(now)) continue;
            next_ = (credential + 1) % count;
            return credential;
        }
    }
    return std::nullopt;
}

bool Upstream::has_other_credential(const std::vector<std::size_t>& tried) const {
    for (std::size_t credential = 0; credential < breakers_.size(); ++credential) {
        if (!contains(tried, credential) && breakers_[credential].state() == domain::BreakerState::closed)
            return true;
    }
    return false;
}

} // namespace tollgate::upstream
