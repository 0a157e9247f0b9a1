// A provider as one worker sees it: its connections, and a breaker for each of its credentials.
#pragma once

#include "tollgate/domain/breaker.hpp"
#include "tollgate/upstream/pool.hpp"
#include "tollgate/upstream/provider.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace tollgate::upstream {

class Upstream {
public:
    Upstream(runtime::Worker& worker, runtime::Resolver& resolver, const Provider& provider,
             telemetry::MetricShard* metrics);

    const Provider& provider() const { return provider_; }
    Pool& pool() { return pool_; }

    /// A healthy credential in turn, preferring ones not in `tried`; nothing when every breaker is open.
    std::optional<std::size_t> choose_credential(const std::vector<std::size_t>& tried, base::SteadyTime now);

    /// Is there a closed breaker among the credentials that were not tried?
    bool has_other_credential(const std::vector<std::size_t>& tried) const;

    domain::Breaker& breaker(std::size_t credential) { return breakers_[credential]; }

private:
    const Provider& provider_;
    Pool pool_;
    std::vector<domain::Breaker> breakers_;
    std::size_t next_ = 0;
};

} // namespace tollgate::upstream
