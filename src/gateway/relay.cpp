#include "gateway/relay.hpp"

#include "gateway/cap_chunk.hpp"
#include "gateway/stream_filter.hpp"
#include "gateway/upstream_answer.hpp"
#include "tollgate/http/error_response.hpp"
#include "tollgate/http/header_rules.hpp"
#include "tollgate/runtime/own_frame.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace tollgate::gateway {

namespace {

using base::ErrorCode;
using base::Result;
using runtime::Task;

constexpr std::size_t largest_plain_answer = 64UL * 1024 * 1024;
constexpr std::chrono::milliseconds tail_time{250};
constexpr std::chrono::seconds checkpoint_period{1};

/// Why a stream that had begun could not be finished, in words for the client.
base::Error cut_error(const base::Error& cause) {
    base::Error error{.code = cause.code, .source = base::ErrorSource::upstream};
    switch (cause.code) {
    case ErrorCode::idle_timeout:
        error.message = "the provider stopped sending in the middle of the stream";
        break;
    case ErrorCode::total_timeout: error.message = "the call took longer than this gateway allows"; break;
    default:
        error.code = ErrorCode::invalid_response;
        error.message = "the provider's stream ended before it was complete";
        break;
    }
    return error;
}

/// After [DONE] the end of the body is at hand, as a rule in the same packet: with it the connection can be
/// used again.
TG_OWN_FRAME Task<> read_tail(upstream::Connection& connection) {
    connection.stream().expires_after(tail_time, ErrorCode::idle_timeout);
    while (!connection.is_reusable()) {
        const auto rest = co_await connection.read_body();
        if (!rest || !rest->empty()) co_return;
        if (!connection.is_reusable()) co_return; // ended, but not to be used again
    }
}

/// Has the stream come close to the end of what is set aside for it, or gone past it? What the provider
/// cannot have produced less of decides about a cap that it should have kept; what it may have produced,
/// about a slice.
bool is_running_out(const Passage& passage) {
    const domain::Allowance& allowance = passage.allowance;
    return allowance.is_running_out(allowance.is_sliced() ? passage.meter.most_output()
                                                          : passage.meter.least_output());
}

/// Sets another slice aside; false: there is no money for it, the stream must end.
Task<bool> set_more_aside(Passage& passage) {
    domain::Allowance& allowance = passage.allowance;
    if (!allowance.is_sliced()) co_return false;
    const std::uint64_t seen = passage.meter.most_output();
    const base::Money wanted = allowance.wanted(seen);
    co_await passage.admission.extend_to(wanted);
    const base::Money held = passage.admission.granted();
    allowance.set_held(held);
    passage.bill->set_ceiling(held);
    co_return !allowance.is_running_out(seen);
}

base::Error cap_error(const Passage& passage) {
    if (!passage.allowance.is_sliced() && !passage.has_lowered_cap) {
        return {.code = ErrorCode::invalid_response,
                .source = base::ErrorSource::upstream,
                .message = "the provider went on beyond the output cap that it was given"};
    }
    return {.code = ErrorCode::budget_exceeded,
            .source = base::ErrorSource::client,
            .message = "the money for this call is used up, so its stream was ended: set aside " +
                       to_string(passage.admission.granted()) + " " + std::string(passage.bill->currency())};
}

/// The end of a stream for which no more can be set aside. `events` go out first if they are paid for.
Task<> end_at_cap(Passage& passage, std::string_view events) {
    const domain::Allowance& allowance = passage.allowance;
    const base::Error error = cap_error(passage);
    passage.outcome.reason = error.code;
    passage.unseen_output = allowance.margin();
    passage.end(Ending::cut);
    std::string last;
    if (allowance.is_sliced()) last = paid_events(events, passage.meter.most_output(), allowance.covered());
    last += cap_chunk(passage.admission.call(), events);
    last += http::error_event(error);
    const auto told = co_await passage.exchange.responder().finish(last);
    if (!told) passage.outcome.ending = Ending::client_gone;
}

/// Reads on without a client, so that the provider's own figures are charged.
TG_OWN_FRAME Task<> drain_unheard(Passage& passage, upstream::Connection& connection, StreamFilter& filter,
                                  const upstream::Timeouts& timeouts) {
    while (!filter.is_done()) {
        set_deadline(passage, connection.stream(), timeouts, ErrorCode::idle_timeout);
        const auto bytes = co_await connection.read_body();
        if (!bytes || bytes->empty()) co_return;
        const auto dropped = filter.pass(*bytes);
        if (!dropped) co_return;
        if (filter.is_done() || !is_running_out(passage)) continue;
        const bool goes_on = co_await set_more_aside(passage);
        if (goes_on) continue;
        passage.unseen_output = passage.allowance.margin();
        co_return;
    }
}

TG_OWN_FRAME Task<> end_cut(Passage& passage, const base::Error& cause) {
    if (cause.code == ErrorCode::client_gone) {
        passage.end(Ending::client_gone);
        co_return;
    }
    const base::Error error = cut_error(cause);
    passage.outcome.reason = error.code;
    passage.end(Ending::cut);
    const std::string event = http::error_event(error);
    const auto told = co_await passage.exchange.responder().finish(event);
    if (!told) passage.end(Ending::client_gone);
}

/// Tells the journal now and then what a long stream has used, so that a crash does not forget it.
void checkpoint(Passage& passage) {
    const base::SteadyTime now = passage.exchange.worker().deadlines().coarse_now();
    if (now - std::max(passage.last_checkpoint, passage.started) < checkpoint_period) return;
    passage.last_checkpoint = now;
    const domain::Usage usage = passage.meter.usage();
    passage.admission.checkpoint(usage, passage.bill->cost(usage));
}

Task<> pump(Passage& passage, upstream::Connection& connection, StreamFilter& filter,
            const upstream::Timeouts& timeouts) {
    http::Responder& responder = passage.exchange.responder();
    std::string kept;
    for (;;) {
        set_deadline(passage, connection.stream(), timeouts, ErrorCode::idle_timeout);
        const auto bytes = co_await connection.read_body();
        if (!bytes) co_return co_await end_cut(passage, bytes.error());
        if (bytes->empty()) break;
        const auto events = filter.pass(*bytes);
        if (!events) co_return co_await end_cut(passage, events.error());
        std::string_view piece = *events;
        if (!filter.is_done() && is_running_out(passage)) {
            kept = piece; // what a view shows may change while we wait
            piece = kept;
            const bool goes_on = co_await set_more_aside(passage);
            if (!goes_on) co_return co_await end_at_cap(passage, piece);
        }
        Result<void> written;
        if (filter.is_done()) {
            written = co_await responder.finish(piece);
        } else {
            written = co_await responder.write(piece);
        }
        if (!written) {
            passage.end(Ending::client_gone);
            if (!passage.client.must_stop() &&
                passage.admission.principal().policy().on_disconnect == domain::OnDisconnect::drain) {
                co_await drain_unheard(passage, connection, filter, timeouts);
            }
            co_return;
        }
        checkpoint(passage);
        if (filter.is_done()) {
            passage.end(Ending::completed);
            co_return co_await read_tail(connection);
        }
    }
    if (filter.has_failed()) {
        passage.outcome.reason = ErrorCode::invalid_response;
        passage.end(Ending::cut);
        const std::string_view nothing; // the provider's own error event has gone out
        const auto ended = co_await responder.finish(nothing);
        if (!ended) passage.end(Ending::client_gone);
        co_return;
    }
    const base::Error early{.code = ErrorCode::connection_closed, .source = base::ErrorSource::upstream};
    co_await end_cut(passage, early);
}

UsageChunk usage_chunk_rule(const Passage& passage) {
    if (!passage.admission.call().include_usage) return UsageChunk::strip;
    return passage.cost_in_answer == CostInAnswer::add ? UsageChunk::pass_with_cost : UsageChunk::pass;
}

} // namespace

void copy_fields(const http::Fields& fields, http::Responder& responder) {
    for (const http::Field& field : fields) {
        if (field.known == http::FieldName::content_type) continue;
        if (http::may_go_to_client(field.known)) responder.add_field(field.name, field.value);
        if (field.known == http::FieldName::x_request_id)
            responder.add_field("x-upstream-request-id", field.value);
    }
}

Task<Result<std::string>> read_whole(Passage& passage, upstream::Connection& connection,
                                     const upstream::Timeouts& timeouts) {
    std::string body;
    for (;;) {
        set_deadline(passage, connection.stream(), timeouts, ErrorCode::idle_timeout);
        const auto bytes = co_await connection.read_body();
        if (!bytes) co_return std::unexpected(bytes.error());
        if (bytes->empty()) co_return body;
        if (body.size() + bytes->size() > largest_plain_answer) {
            co_return base::fail(ErrorCode::invalid_response, base::ErrorSource::upstream,
                                 "the provider's answer is larger than this gateway takes");
        }
        body.append(*bytes);
    }
}

Task<> relay_plain(Passage& passage, upstream::Connection& connection, const upstream::AnswerHead& answer,
                   const upstream::Timeouts& timeouts) {
    auto body = connection.take_body();
    if (!body) {
        auto read = co_await read_whole(passage, connection, timeouts);
        if (!read) {
            passage.fail(failure_of(read.error(), passage.outcome.provider));
            co_return;
        }
        body = std::move(*read);
    }
    const upstream::WholeAnswer whole_answer = passage.meter.read_body(*body);
    if (!whole_answer.is_object) {
        const base::Error cause{.code = ErrorCode::invalid_response,
                                .message = "the body is not a JSON object"};
        passage.fail(failure_of(cause, passage.outcome.provider));
        co_return;
    }
    if (passage.admission.is_sliced()) { // a stream was asked for, and all of it has come at once
        const base::Money whole = passage.bill->full_cost(passage.meter.usage());
        co_await passage.admission.extend_to(whole);
        passage.bill->set_ceiling(passage.admission.granted());
    }
    const base::Money cost = passage.bill->cost(passage.meter.usage());
    if (whole_answer.reported && passage.cost_in_answer == CostInAnswer::add) {
        *body = domain::apply_splices(
            *body, upstream::cost_splices(*whole_answer.reported, cost, passage.bill->currency()));
    }
    http::Responder& responder = passage.exchange.responder();
    copy_fields(answer.head.fields, responder);
    responder.add_field("x-tollgate-cost", cost);
    const auto sent = co_await responder.send(answer.head.status, "application/json", *body);
    passage.end(sent ? Ending::completed : Ending::client_gone);
}

Task<> relay_stream(Passage& passage, upstream::Connection& connection, upstream::AnswerHead& answer,
                    const upstream::Timeouts& timeouts) {
    http::Responder& responder = passage.exchange.responder();
    copy_fields(answer.head.fields, responder);
    responder.add_field("cache-control", "no-cache");
    responder.add_field("x-accel-buffering", "no");
    const int status = answer.head.status;
    answer = upstream::AnswerHead();
    const auto begun = co_await responder.start(status, "text/event-stream; charset=utf-8");
    if (!begun) {
        passage.end(Ending::client_gone);
        co_return;
    }
    StreamFilter filter(passage.meter, *passage.bill, usage_chunk_rule(passage));
    co_await pump(passage, connection, filter, timeouts);
}

} // namespace tollgate::gateway
