// This node for the dashboard: its workers' breakers and connections, asked when somebody wants to see them.
// Owned by the application; any thread of a blocking pool.
#pragma once

#include "app/health.hpp"
#include "app/worker_unit.hpp"
#include "tollgate/dashboard/cluster.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tollgate::app {

class ClusterView final : public dashboard::Cluster {
public:
    using Workers = std::vector<std::unique_ptr<WorkerUnit>>;

    ClusterView(const Workers& workers, const Health& health, dashboard::NodeStatus self)
        : workers_(workers), health_(health), self_(std::move(self)) {}

    std::vector<dashboard::ProviderHealth> providers(base::WallTime now) const override;
    dashboard::NodeStatus node() const override;

private:
    const Workers& workers_; // complete before the first request
    const Health& health_;
    dashboard::NodeStatus self_;
};

/// Adds what one worker sees to what is known already.
void merge(std::vector<dashboard::ProviderHealth>& known, const std::vector<gateway::ProviderState>& seen,
           base::WallTime now);

} // namespace tollgate::app
