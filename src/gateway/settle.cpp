#include "gateway/settle.hpp"

#include "tollgate/runtime/clock.hpp"

namespace tollgate::gateway {

namespace {

domain::UsageView describe(const Admission& admission, const Outcome& outcome) {
    domain::UsageView event;
    event.request_id = admission.id().text();
    event.key_id = admission.principal().key().id.text();
    event.account_id = admission.principal().key().account_id.text();
    event.day = admission.day();
    event.endpoint = domain::to_string(admission.call().endpoint);
    event.model = admission.call().model;
    event.provider = outcome.provider;
    event.upstream_model = outcome.upstream_model;
    event.delivery = admission.call().stream ? domain::Delivery::stream : domain::Delivery::plain;
    event.outcome = to_string(outcome.ending);
    event.usage = outcome.usage;
    event.cost = outcome.cost;
    event.bound = admission.granted();
    event.started_at = admission.started_at();
    event.ended_at = runtime::wall_now();
    event.first_byte = outcome.first_byte;
    event.client_end =
        outcome.ending == Ending::client_gone ? domain::ClientEnd::gone : domain::ClientEnd::stayed;
    event.attempts = outcome.attempts;
    return event;
}

} // namespace

std::string_view to_string(Ending ending) {
    switch (ending) {
    case Ending::completed: return "completed";
    case Ending::client_gone: return "client_gone";
    case Ending::cut: return "cut";
    case Ending::failed: return "failed";
    }
    return "failed";
}

void Settle::operator()(const http::Exchange& exchange, Admission&& admission,
                        const Outcome& outcome) noexcept {
    domain::UsageView event = describe(admission, outcome);
    event.client_request_id = exchange.id().text();
    event.wallet = tariff_.wallet;
    event.status = static_cast<std::uint16_t>(exchange.responder().status());
    event.currency = tariff_.currency;
    event.usd_rate = tariff_.usd_rate;
    event.price_version = tariff_.book.version();
    event.node = tariff_.node;
    event.duration =
        std::chrono::duration_cast<std::chrono::milliseconds>(runtime::turn_now() - exchange.received_at());
    admission.settle(event);
}

} // namespace tollgate::gateway
