// What runs: nodes, providers and their breakers, as the application sees them. For the dashboard, which
// cannot look into gateways. Any thread.
#pragma once

#include "tollgate/base/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tollgate::dashboard {

enum class CredentialStanding { closed, half_open, open }; // of its breaker, from good to bad
std::string_view to_string(CredentialStanding standing);

struct CredentialHealth {
    std::string label{};                                      // a number; never a part of the credential
    CredentialStanding standing = CredentialStanding::closed; // the worst of all workers
    std::uint32_t open_workers = 0;
    std::uint32_t workers = 0;
    std::uint32_t failures = 0; // in a row; the most of all workers
    std::optional<base::WallTime> open_until{};
};

struct ProviderHealth {
    std::string name{};
    std::string base_url{};
    std::uint32_t attempts = 0;
    std::vector<CredentialHealth> credentials{};
};

/// This node as it is now.
struct NodeStatus {
    std::string name{};
    std::string host{};
    std::string version{};
    base::WallTime started_at{};
    std::uint32_t workers = 0;
    std::uint64_t connections = 0;
    bool ready = false;
    std::map<std::string, std::string> parts{}; // as in /health/ready
};

class Cluster {
public:
    virtual ~Cluster() = default;
    /// Of this node. The other nodes are in the registry (ports::Fleet).
    virtual std::vector<ProviderHealth> providers(base::WallTime now) const = 0;
    virtual NodeStatus node() const = 0;
};

} // namespace tollgate::dashboard
