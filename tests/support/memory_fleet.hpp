// A registry of nodes within one process: for tests, whose nodes are objects. Any thread.
#pragma once

#include "tollgate/ports/fleet.hpp"

#include <functional>
#include <map>
#include <mutex>

namespace tollgate::testing {

class MemoryFleet final : public ports::Fleet {
public:
    using Clock = std::function<base::SteadyTime()>;
    explicit MemoryFleet(Clock clock) : clock_(std::move(clock)) {}

    base::Result<domain::FleetState> beat(const domain::Heartbeat& heartbeat) override;
    base::Result<domain::FleetState> look() override;
    base::Result<std::vector<domain::FleetNode>> nodes() override;
    base::Result<bool> begin_epoch(std::uint64_t after, domain::QuotaHome home,
                                   const std::string& node) override;
    base::Result<void> publish(const std::string& node, std::uint64_t epoch,
                               std::span<const domain::Holding> holdings) override;
    base::Result<ports::FleetHoldings> holdings(std::uint64_t epoch) override;
    base::Result<void> leave(const std::string& node) override;

private:
    struct Row {
        domain::Heartbeat heartbeat{};
        base::SteadyTime seen{};
    };
    struct Published {
        std::uint64_t epoch = 0;
        std::vector<domain::Holding> holdings{};
    };
    domain::FleetState state() const;

    Clock clock_;
    mutable std::mutex mutex_;
    std::uint64_t epoch_ = 0;
    domain::QuotaHome home_ = domain::QuotaHome::shared;
    std::string founder_;
    std::map<std::string, Row> nodes_;
    std::map<std::string, Published> published_;
};

} // namespace tollgate::testing
