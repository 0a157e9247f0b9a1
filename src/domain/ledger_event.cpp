#include "tollgate/domain/ledger_event.hpp"

#include <algorithm>

namespace tollgate::domain {

std::string_view to_string(Delivery delivery) {
    return delivery == Delivery::stream ? "stream" : "plain";
}

std::string_view to_string(ClientEnd end) {
    return end == ClientEnd::gone ? "gone" : "stayed";
}

namespace {

std::string_view text_of(std::string_view text) {
    return text;
}

template <class Tag>
std::string_view text_of(const base::Id<Tag>& id) {
    return id.text();
}

/// Becomes whatever the field wants: an id or a text, its own or lent.
class Field {
public:
    template <class From>
    explicit Field(const From& from) : text_(text_of(from)) {}
    operator std::string_view() const { return text_; }
    operator std::string() const { return std::string(text_); }
    template <class Tag>
    operator base::Id<Tag>() const {
        return base::Id<Tag>(std::string(text_));
    }

private:
    std::string_view text_;
};

template <class To, class From>
OpenFields<To> convert(const OpenFields<From>& from) {
    return {.request_id = Field(from.request_id),
            .client_request_id = Field(from.client_request_id),
            .key_id = Field(from.key_id),
            .account_id = Field(from.account_id),
            .day = from.day,
            .wallet = from.wallet,
            .bound = from.bound,
            .input_estimate = from.input_estimate,
            .endpoint = Field(from.endpoint),
            .model = Field(from.model),
            .provider = Field(from.provider),
            .upstream_model = Field(from.upstream_model),
            .delivery = from.delivery,
            .currency = Field(from.currency),
            .usd_rate = Field(from.usd_rate),
            .price_version = Field(from.price_version),
            .started_at = from.started_at,
            .node = Field(from.node)};
}

template <class To, class From>
UsageFields<To> convert(const UsageFields<From>& from) {
    return {.request_id = Field(from.request_id),
            .client_request_id = Field(from.client_request_id),
            .key_id = Field(from.key_id),
            .account_id = Field(from.account_id),
            .day = from.day,
            .wallet = from.wallet,
            .endpoint = Field(from.endpoint),
            .model = Field(from.model),
            .provider = Field(from.provider),
            .upstream_model = Field(from.upstream_model),
            .delivery = from.delivery,
            .status = from.status,
            .outcome = Field(from.outcome),
            .usage = from.usage,
            .cost = from.cost,
            .bound = from.bound,
            .currency = Field(from.currency),
            .usd_rate = Field(from.usd_rate),
            .price_version = Field(from.price_version),
            .started_at = from.started_at,
            .ended_at = from.ended_at,
            .first_byte = from.first_byte,
            .duration = from.duration,
            .client_end = from.client_end,
            .attempts = from.attempts,
            .node = Field(from.node)};
}

} // namespace

OpenView view_of(const OpenRecord& record) {
    return convert<Lent>(record);
}

OpenRecord copy_of(const OpenView& view) {
    return convert<Owned>(view);
}

UsageView view_of(const UsageEvent& event) {
    return convert<Lent>(event);
}

UsageEvent copy_of(const UsageView& view) {
    return convert<Owned>(view);
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
