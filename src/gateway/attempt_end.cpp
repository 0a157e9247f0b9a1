#include "gateway/attempt_end.hpp"

#include "gateway/upstream_answer.hpp"

namespace tollgate::gateway {

using base::ErrorCode;

namespace {

/// A stream that we cut for want of money says nothing of its provider.
bool is_providers_fault(const Outcome& outcome) {
    return outcome.ending == Ending::cut && outcome.reason != ErrorCode::budget_exceeded;
}

} // namespace

void judge(Passage& passage, domain::Breaker& breaker) {
    if (passage.is_over) {
        is_providers_fault(passage.outcome) ? breaker.failed(runtime::steady_now()) : breaker.succeeded();
        return;
    }
    if (passage.failure->error.code == ErrorCode::client_gone) {
        breaker.abandoned();
        passage.end(Ending::client_gone);
        return;
    }
    switch (passage.failure->blame) {
    case Blame::caller: breaker.succeeded(); break;
    case Blame::operators:
        breaker.abandoned();
        break; // a refused credential says nothing of the provider's health
    case Blame::provider: breaker.failed(runtime::steady_now()); break;
    }
}

std::optional<telemetry::AttemptOutcome> end_of_attempt(const Passage& passage) {
    using telemetry::AttemptOutcome;
    const Outcome& outcome = passage.outcome;
    if (passage.is_over && outcome.ending == Ending::client_gone) return std::nullopt;
    if (passage.is_over)
        return is_providers_fault(outcome) ? AttemptOutcome::broken : AttemptOutcome::success;
    const int status = outcome.upstream_status; // 0: no answer came
    switch (status == 0 ? AnswerKind::good : answer_kind(status)) {
    case AnswerKind::busy: return AttemptOutcome::rate_limited;
    case AnswerKind::passes:
    case AnswerKind::ours: return AttemptOutcome::rejected;
    case AnswerKind::broken: return AttemptOutcome::server_error;
    case AnswerKind::good: break;
    }
    switch (passage.failure->error.code) {
    case ErrorCode::client_gone:
    case ErrorCode::overloaded: return std::nullopt; // no connection of ours is free: nobody was asked
    case ErrorCode::connect_timeout:
    case ErrorCode::first_byte_timeout:
    case ErrorCode::idle_timeout:
    case ErrorCode::total_timeout: return AttemptOutcome::timeout;
    case ErrorCode::invalid_response: return AttemptOutcome::broken;
    default: return status == 0 ? AttemptOutcome::connect_failure : AttemptOutcome::broken;
    }
}

} // namespace tollgate::gateway
