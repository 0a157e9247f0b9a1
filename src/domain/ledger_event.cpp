#include "tollgate/domain/ledger_event.hpp"

#include <algorithm>

namespace tollgate::domain {

std::string_view to_string(Delivery delivery) {
    return delivery == Delivery::stream ? "stream" : "plain";
}

std::string_view to_string(ClientEnd end) {
    return end == ClientEnd::gone ? "gone" : "stayed";
}

UsageEvent interrupted_event(const OpenRecord& open, const std::optional<Checkpoint>& last,
                             base::WallTime now) {
    UsageEvent event{.request_id = open.request_id,
                     .client_request_id = open.client_request_id,
                     .key_id = open.key_id,
                     .account_id = open.account_id,
                     .day = open.day,
                     .wallet = open.wallet,
                     .endpoint = open.endpoint,
                     .model = open.model,
                     .provider = open.provider,
                     .upstream_model = open.upstream_model,
                     .delivery = open.delivery,
                     .outcome = "interrupted",
                     .usage = last ? last->usage : Usage{},
                     .cost = last ? last->cost : open.input_estimate,
                     .bound = open.bound,
                     .currency = open.currency,
                     .usd_rate = open.usd_rate,
                     .price_version = open.price_version,
                     .started_at = open.started_at,
                     .ended_at = std::max(now, open.started_at),
                     .attempts = 1,
                     .node = open.node};
    event.usage.source = UsageSource::interrupted;
    // What was promised to the budget holds for a dead process too.
    event.cost = std::clamp(event.cost, base::Money{}, std::max(open.bound, base::Money{}));
    event.duration = std::chrono::duration_cast<std::chrono::milliseconds>(event.ended_at - event.started_at);
    return event;
}

} // namespace tollgate::domain
