#include "support/memory_fleet.hpp"

namespace tollgate::testing {

using base::Result;
using domain::FleetState;

namespace {

constexpr std::chrono::seconds alive_time{5};
constexpr std::chrono::minutes in_flight_time{30};

} // namespace

Result<FleetState> MemoryFleet::beat(const domain::Heartbeat& heartbeat) {
    const std::lock_guard lock(mutex_);
    nodes_[heartbeat.node] = {heartbeat, clock_()};
    return state();
}

Result<FleetState> MemoryFleet::look() {
    const std::lock_guard lock(mutex_);
    return state();
}

Result<std::vector<domain::FleetNode>> MemoryFleet::nodes() {
    const std::lock_guard lock(mutex_);
    const base::SteadyTime now = clock_();
    std::vector<domain::FleetNode> found;
    for (const auto& [name, row] : nodes_) {
        found.push_back({.member = {.node = name,
                                    .is_alive = now - row.seen <= alive_time,
                                    .reaches_store = row.heartbeat.reaches_store,
                                    .joined = row.heartbeat.joined},
                         .card = row.heartbeat.card,
                         .seen_at = base::WallTime(std::chrono::duration_cast<base::WallTime::duration>(
                             row.seen.time_since_epoch()))});
    }
    return found;
}

Result<bool> MemoryFleet::begin_epoch(std::uint64_t after, domain::QuotaHome home, const std::string& node) {
    const std::lock_guard lock(mutex_);
    if (epoch_ != after) return false;
    ++epoch_;
    home_ = home;
    founder_ = node;
    return true;
}

Result<void> MemoryFleet::publish(const std::string& node, std::uint64_t epoch,
                                  std::span<const domain::Holding> holdings) {
    const std::lock_guard lock(mutex_);
    published_[node] = {epoch, {holdings.begin(), holdings.end()}};
    return {};
}

Result<ports::FleetHoldings> MemoryFleet::holdings(std::uint64_t epoch) {
    const std::lock_guard lock(mutex_);
    std::map<std::string, base::Money> sums;
    ports::FleetHoldings result;
    for (const auto& [node, published] : published_) {
        if (published.epoch != epoch) continue;
        ++result.nodes;
        for (const domain::Holding& holding : published.holdings) sums[holding.purse] += holding.amount;
    }
    for (const auto& [purse, amount] : sums) result.sums.push_back({purse, amount});
    return result;
}

Result<void> MemoryFleet::leave(const std::string& node) {
    const std::lock_guard lock(mutex_);
    nodes_.erase(node);
    return {};
}

FleetState MemoryFleet::state() const {
    FleetState result{.epoch = epoch_, .home = home_, .founder = founder_};
    const base::SteadyTime now = clock_();
    for (const auto& [name, row] : nodes_) {
        if (now - row.seen > in_flight_time) continue;
        result.members.push_back({.node = name,
                                  .is_alive = now - row.seen <= alive_time,
                                  .reaches_store = row.heartbeat.reaches_store,
                                  .joined = row.heartbeat.joined});
    }
    return result;
}

} // namespace tollgate::testing
