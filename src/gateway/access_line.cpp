#include "gateway/access_line.hpp"

#include "tollgate/runtime/clock.hpp"

namespace tollgate::gateway {

void AccessLine::know(const Principal& principal) {
    key_ = principal.shared_record();
    address_ = principal.client_address();
}

AccessLine::~AccessLine() {
    const http::Responder& responder = exchange_.responder();
    telemetry::AccessEntry entry;
    entry.request_id = exchange_.id().text();
    entry.client_address = address_.empty() ? exchange_.peer_address() : std::string_view(address_);
    entry.method = exchange_.head().method;
    entry.path = exchange_.head().path;
    entry.status = responder.status();
    entry.duration =
        std::chrono::duration_cast<std::chrono::milliseconds>(runtime::turn_now() - exchange_.received_at());
    entry.bytes_in = exchange_.body_bytes();
    entry.bytes_out = responder.bytes_sent();
    if (key_) {
        entry.key_id = key_->key.id.text();
        entry.account_id = key_->key.account_id.text();
    }
    entry.model = model_;
    entry.stream = stream_;
    if (reason_) entry.reason = base::to_string(*reason_);
    if (outcome_) {
        if (outcome_->reason) entry.reason = base::to_string(*outcome_->reason);
        entry.provider = outcome_->provider;
        entry.input_tokens = outcome_->usage.prompt_tokens();
        entry.output_tokens = outcome_->usage.completion_tokens();
        entry.first_byte = outcome_->first_byte;
        entry.attempts = outcome_->attempts;
        entry.client_gone = outcome_->ending == Ending::client_gone;
        entry.cost = outcome_->cost;
    }
    telemetry::log_access(entry);
    count();
}

void AccessLine::count() const {
    using telemetry::TokenKind;
    telemetry::RequestSample sample;
    sample.status = exchange_.responder().status();
    sample.duration =
        std::chrono::duration_cast<std::chrono::microseconds>(runtime::turn_now() - exchange_.received_at());
    if (endpoint_) sample.endpoint = static_cast<std::size_t>(*endpoint_);
    if (reason_) metrics_.refused(*reason_);
    if (outcome_) {
        sample.provider = outcome_->provider_index;
        sample.first_byte = outcome_->first_byte;
        // What came before the provider was asked, and what was done with the last that it said. With several
        // attempts the one before is the provider's part, too, and nobody knows how much of it.
        if (outcome_->sent_after && outcome_->attempts == 1)
            sample.overhead = *outcome_->sent_after + std::chrono::duration_cast<std::chrono::microseconds>(
                                                          runtime::steady_now() - runtime::turn_now());
        metrics_.tokens_used(TokenKind::input, outcome_->usage.input);
        metrics_.tokens_used(TokenKind::cached_input, outcome_->usage.cached_input);
        metrics_.tokens_used(TokenKind::cache_write, outcome_->usage.cache_write);
        metrics_.tokens_used(TokenKind::output, outcome_->usage.output);
        metrics_.money_spent(outcome_->cost);
    }
    metrics_.request_ended(sample);
}

} // namespace tollgate::gateway
