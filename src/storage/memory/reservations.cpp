#include "storage/memory/reservations.hpp"

#include "tollgate/base/check.hpp"

namespace tollgate::storage {

using base::RequestId;
using base::SteadyTime;

Reservation* Reservations::find(const RequestId& id) {
    const auto place = entries_.find(id);
    return place == entries_.end() ? nullptr : &place->second.reservation;
}

void Reservations::add(const RequestId& id, Reservation reservation, SteadyTime deadline) {
    const auto [place, added] = entries_.try_emplace(id);
    TG_CHECK(added);
    place->second.reservation = std::move(reservation);
    place->second.deadline = deadlines_.emplace(deadline, &place->first);
}

std::optional<Reservation> Reservations::take(const RequestId& id) {
    const auto place = entries_.find(id);
    if (place == entries_.end()) return std::nullopt;
    Reservation taken = std::move(place->second.reservation);
    deadlines_.erase(place->second.deadline);
    entries_.erase(place);
    return taken;
}

std::optional<RequestId> Reservations::find_overdue(SteadyTime now) const {
    if (deadlines_.empty() || deadlines_.begin()->first > now) return std::nullopt;
    return *deadlines_.begin()->second;
}

void Reservations::postpone(const RequestId& id, SteadyTime deadline) {
    Entry& entry = entries_.at(id);
    auto node = deadlines_.extract(entry.deadline);
    node.key() = deadline;
    entry.deadline = deadlines_.insert(std::move(node));
}

} // namespace tollgate::storage
