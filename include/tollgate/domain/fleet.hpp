// What several gateways have to agree on before any of them grants money out of shared counters: the epoch
// (docs/decisions/0020). Pure: what one node makes of what the registry says.
#pragma once

#include "tollgate/base/money.hpp"
#include "tollgate/base/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tollgate::domain {

/// Where limits and budgets are counted: in the store that all nodes share, or by each node for itself.
enum class QuotaHome { shared, local };

/// Money that calls in flight, or not yet in the ledger, hold in a purse.
struct Holding {
    std::string purse{};
    base::Money amount{};
    friend bool operator==(const Holding&, const Holding&) = default;
};

/// A node as the registry knows it: one that beats, or one that stopped without leaving and may have calls
/// that nobody else knows of.
struct FleetMember {
    std::string node{};
    bool is_alive = false;
    bool reaches_store = false;
    std::uint64_t joined = 0; // the latest epoch that knows what the node holds
    friend bool operator==(const FleetMember&, const FleetMember&) = default;
};

/// The registry at one moment.
struct FleetState {
    std::uint64_t epoch = 0; // 0: there was none yet
    QuotaHome home = QuotaHome::shared;
    std::string founder{}; // the node that declared the epoch
    std::vector<FleetMember> members{};
    friend bool operator==(const FleetState&, const FleetState&) = default;
};

/// What a node says of itself, for people; nothing is decided by it.
struct NodeCard {
    std::string host{};
    std::string version{};
    base::WallTime started_at{};
    friend bool operator==(const NodeCard&, const NodeCard&) = default;
};

/// What a node tells with each beat.
struct Heartbeat {
    std::string node{};
    bool reaches_store = false;
    std::uint64_t joined = 0;
    NodeCard card{};
};

/// A node as people see it.
struct FleetNode {
    FleetMember member{};
    NodeCard card{};
    base::WallTime seen_at{}; // its last beat
};

/// Every member has told the epoch what it holds.
bool is_complete(const FleetState& state);
std::uint32_t count_alive(const FleetState& state);

/// What a node knows by itself.
struct FleetObservation {
    std::string node{};
    bool is_returning = false;    // it is in the registry from a life that ended without leaving
    bool has_started = false;     // this life has declared or joined an epoch already
    std::uint64_t lost_epoch = 0; // counters of this epoch are not complete any more
    base::SteadyTime now{};
};

/// Judges, beat by beat, whether the epoch must end. One per node; not synchronised.
class FleetJudge {
public:
    struct Rules {
        std::chrono::milliseconds leave_time{
            600}; // the store unreachable for every live node, until all go local
        std::chrono::milliseconds return_time{1'000}; // reachable for every live node, until all go back
        std::chrono::milliseconds found_time{5'000};  // for an epoch to be complete, until another is tried
    };

    FleetJudge() = default;
    explicit FleetJudge(Rules rules) : rules_(rules) {}

    /// The home of the epoch that must follow; nothing: the epoch goes on.
    std::optional<QuotaHome> find_next(const FleetState& state, const FleetObservation& seen);

private:
    Rules rules_{};
    std::uint64_t epoch_ = 0;
    std::optional<base::SteadyTime> unreachable_since_{};
    std::optional<base::SteadyTime> reachable_since_{};
    std::optional<base::SteadyTime> unfounded_since_{};
};

} // namespace tollgate::domain
