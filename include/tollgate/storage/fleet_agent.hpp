// Speaks for this node with the registry: beats, declares an epoch when one must end, tells the workers what
// was agreed on. Owned by app; has a thread of its own, because the registry blocks.
#pragma once

#include "tollgate/ports/fleet.hpp"
#include "tollgate/storage/redis_share.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tollgate::storage {

/// A worker's share, as the agent reaches it.
struct FleetSeat {
    const ShareStatus* status = nullptr;
    std::function<void(const FleetView&)> adopt{}; // posts to the worker
};

struct FleetAgentOptions {
    std::string node{}; // the same in every life of this node, unlike any other's
    domain::NodeCard card{};
    std::chrono::milliseconds beat_period{250};
    std::chrono::milliseconds look_period{25}; // at the workers' statuses
    domain::FleetJudge::Rules rules{};
};

/// For health and metrics, on any thread.
struct FleetSummary {
    std::uint64_t epoch = 0;
    bool is_local = false;
    bool is_complete = false;
    std::uint32_t nodes = 0;
};

class FleetAgent final : public HoldingsListener {
public:
    FleetAgent(ports::Fleet& fleet, FleetAgentOptions options);
    FleetAgent(const FleetAgent&) = delete;
    FleetAgent& operator=(const FleetAgent&) = delete;
    ~FleetAgent();

    /// Asks the registry for the first time and starts the thread. Call it once, before the workers run.
    /// Error: storage_unavailable.
    base::Result<void> start(std::vector<FleetSeat> seats);

    /// Ends the thread; the registry believes that calls may be in flight until leave().
    void stop();

    /// After stop(): nothing is in flight, and the ledger has every call.
    base::Result<void> leave();

    FleetSummary summary() const;

    void held(std::uint64_t epoch, std::size_t worker, std::vector<Holding> holdings) override;

private:
    class Desk;
    std::unique_ptr<Desk> desk_;
};

} // namespace tollgate::storage
