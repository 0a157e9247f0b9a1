// The registry of the nodes that share one database and one Redis, and of the epoch that they have agreed on
// (docs/decisions/0020). Blocking; any thread. Error of every method: storage_unavailable.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/domain/fleet.hpp"

#include <span>
#include <string>
#include <vector>

namespace tollgate::ports {

/// What the nodes of a local epoch held together when it began.
struct FleetHoldings {
    std::vector<domain::Holding> sums{}; // by purse
    std::uint32_t nodes = 0;             // how many have published
};

class Fleet {
public:
    virtual ~Fleet() = default;

    /// Registers or renews the node and answers the registry. Members are the nodes that have beaten within
    /// the last five seconds, alive, and those that have not, nor left, within the last half hour: after that
    /// no call of theirs can be in flight any more. The registry's own clock counts.
    virtual base::Result<domain::FleetState> beat(const domain::Heartbeat& heartbeat) = 0;

    /// The registry without a beat.
    virtual base::Result<domain::FleetState> look() = 0;

    /// Every node that has not left, however long ago it beat, by name.
    virtual base::Result<std::vector<domain::FleetNode>> nodes() = 0;

    /// Declares the epoch after `after`, founded by `node`; false: another node was first.
    virtual base::Result<bool> begin_epoch(std::uint64_t after, domain::QuotaHome home,
                                           const std::string& node) = 0;

    /// What the node holds as it joins a local epoch, in place of what it published before.
    virtual base::Result<void> publish(const std::string& node, std::uint64_t epoch,
                                       std::span<const domain::Holding> holdings) = 0;
    virtual base::Result<FleetHoldings> holdings(std::uint64_t epoch) = 0;

    /// The node has ended in order: nothing of it is in flight, and the ledger has all of its calls.
    virtual base::Result<void> leave(const std::string& node) = 0;
};

} // namespace tollgate::ports
