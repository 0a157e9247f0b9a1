#include "tollgate/ports/ledger.hpp"

#include <algorithm>

namespace tollgate::ports {

base::Result<void> check(std::span<const domain::UsageView> events) {
    const auto odd =
        std::ranges::find_if_not(events, [](const auto& event) { return domain::is_countable(event); });
    if (odd == events.end()) return {};
    return base::fail(base::ErrorCode::invalid_field, base::ErrorSource::internal,
                      "usage event " + std::string(odd->request_id) +
                          " has no ids, a negative cost or an absurd figure");
}

base::Result<AppendSummary> Ledger::append(std::span<const domain::UsageEvent> events) {
    std::vector<domain::UsageView> views;
    views.reserve(events.size());
    for (const domain::UsageEvent& event : events) views.push_back(view_of(event));
    return append(std::span<const domain::UsageView>(views));
}

} // namespace tollgate::ports
