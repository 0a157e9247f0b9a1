#include "tollgate/domain/fleet.hpp"

#include <algorithm>

namespace tollgate::domain {

namespace {

bool do_all_reach(const FleetState& state) {
    return std::ranges::all_of(state.members,
                               [](const FleetMember& each) { return !each.is_alive || each.reaches_store; });
}

bool do_none_reach(const FleetState& state) {
    return std::ranges::none_of(state.members,
                                [](const FleetMember& each) { return each.is_alive && each.reaches_store; });
}

/// The founder marks the servers: without it, nobody can join.
bool is_founder_gone(const FleetState& state) {
    const auto founder = std::ranges::find(state.members, state.founder, &FleetMember::node);
    return founder == state.members.end() || !founder->is_alive;
}

/// Notes since when something holds.
template <class Truth>
void note(std::optional<base::SteadyTime>& since, base::SteadyTime now, Truth holds) {
    if (!holds) since.reset();
    if (holds && !since) since = now;
}

} // namespace

bool is_complete(const FleetState& state) {
    return state.epoch > 0 && std::ranges::all_of(state.members, [&state](const FleetMember& each) {
               return each.joined >= state.epoch;
           });
}

std::uint32_t count_alive(const FleetState& state) {
    const auto alive = std::ranges::count(state.members, true, &FleetMember::is_alive);
    return static_cast<std::uint32_t>(std::max<std::ptrdiff_t>(alive, 1));
}

std::optional<QuotaHome> FleetJudge::find_next(const FleetState& state, const FleetObservation& seen) {
    if (state.epoch != epoch_) {
        epoch_ = state.epoch;
        unreachable_since_.reset();
        reachable_since_.reset();
        unfounded_since_.reset();
    }
    if (state.epoch == 0) return QuotaHome::shared;
    // What a life before this one held in the counters nobody will ever free; the books have it by now. And
    // shares were made for the nodes of that moment: a node that comes later needs shares made anew.
    const bool is_new_here = !seen.has_started && (seen.is_returning || state.home == QuotaHome::local);
    if (is_new_here) return state.home;
    const auto has_lasted = [&seen](const auto& since, auto time) {
        return since && seen.now - *since >= time;
    };
    note(reachable_since_, seen.now, do_all_reach(state));
    note(unreachable_since_, seen.now, do_none_reach(state));
    note(unfounded_since_, seen.now, !is_complete(state) && is_founder_gone(state));
    if (state.home == QuotaHome::local) {
        return has_lasted(reachable_since_, rules_.return_time) ? std::optional(QuotaHome::shared)
                                                                : std::nullopt;
    }
    if (seen.lost_epoch == state.epoch) return QuotaHome::shared;
    if (has_lasted(unreachable_since_, rules_.leave_time)) return QuotaHome::local;
    if (has_lasted(unfounded_since_, rules_.found_time)) return QuotaHome::shared;
    return std::nullopt;
}

} // namespace tollgate::domain
