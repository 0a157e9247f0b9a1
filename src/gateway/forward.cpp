#include "gateway/forward.hpp"

#include "gateway/attempt_end.hpp"
#include "gateway/limit_fields.hpp"
#include "gateway/relay.hpp"
#include "gateway/request_body.hpp"
#include "gateway/upstream_answer.hpp"
#include "tollgate/domain/retry_plan.hpp"
#include "tollgate/http/error_response.hpp"
#include "tollgate/runtime/signal.hpp"
#include "tollgate/upstream/request.hpp"

#include <array>
#include <utility>

namespace tollgate::gateway {

namespace {

using base::ErrorCode;
using base::Result;
using runtime::Task;
using upstream::AnswerHead;
using upstream::Lease;

void add_passed_fields(const PassedAnswer& answer, http::Responder& responder) {
    if (!answer.retry_after.empty()) responder.add_field("retry-after", answer.retry_after);
    if (!answer.retry_after_ms.empty()) responder.add_field("retry-after-ms", answer.retry_after_ms);
    if (!answer.should_retry.empty()) responder.add_field("x-should-retry", answer.should_retry);
    if (!answer.request_id.empty()) responder.add_field("x-upstream-request-id", answer.request_id);
}

/// 75 to 100 per cent, from a figure that differs from call to call.
std::uint32_t jitter(const base::RequestId& id) {
    return static_cast<std::uint32_t>(75 + std::hash<base::RequestId>{}(id) % 26);
}

domain::OpenView describe(const Admission& admission, const Tariff& tariff) {
    const domain::ApiKey& key = admission.principal().key();
    domain::Usage input;
    input.input = (admission.call().prompt_bytes + 3) / 4;
    domain::OpenView record;
    record.request_id = admission.id().text();
    record.key_id = key.id.text();
    record.account_id = key.account_id.text();
    record.day = admission.day();
    record.wallet = tariff.wallet;
    record.bound = admission.whole_bound(); // checkpoints may go beyond the first slice
    record.input_estimate = admission.bill(0).cost(input);
    record.endpoint = domain::to_string(admission.call().endpoint);
    record.model = admission.call().model;
    record.delivery = admission.call().stream ? domain::Delivery::stream : domain::Delivery::plain;
    record.currency = tariff.currency;
    record.usd_rate = tariff.usd_rate;
    record.price_version = tariff.book.version();
    record.started_at = admission.started_at();
    record.node = tariff.node;
    return record;
}

/// How far a stream may go before it is cut.
domain::Allowance allowance_of(const Passage& passage, std::optional<std::uint64_t> lowered_cap) {
    const Admission& admission = passage.admission;
    const domain::Extent& extent = passage.bill->extent();
    if (!admission.is_limited() || extent.cap_source == domain::CapSource::none) return {};
    if (admission.is_sliced()) {
        domain::Allowance allowance = passage.bill->slices();
        allowance.set_held(admission.granted());
        return allowance;
    }
    std::uint64_t tokens = 0;
    if (__builtin_mul_overflow(lowered_cap.value_or(extent.output_tokens), extent.choices, &tokens))
        return {};
    return domain::Allowance::fixed(tokens);
}

base::Error left_alone(const upstream::Provider& provider) {
    return {.code = ErrorCode::no_provider,
            .source = base::ErrorSource::upstream,
            .message =
                "the provider " + provider.name + " has failed repeatedly and is left alone for a while",
            .retry_after = provider.breaker_open_time};
}

void note_unanswered(Passage& passage, const base::Error& error) {
    passage.fail(failure_of(error, passage.outcome.provider));
    // Every connection is in use: a limit of ours, which must not open the provider's breaker.
    if (error.code == ErrorCode::overloaded) passage.failure->blame = Blame::operators;
}

bool is_event_stream(const http::Fields& fields) {
    constexpr std::string_view type = "text/event-stream";
    const std::string_view value = fields.find(http::FieldName::content_type);
    if (!http::equals_ignoring_case(value.substr(0, type.size()), type)) return false;
    return value.size() == type.size() || value[type.size()] == ';' || value[type.size()] == ' ';
}

} // namespace

Task<> Forward::operator()(http::Exchange& exchange, Admission& admission, Outcome& outcome) {
    Passage passage(exchange, admission, outcome);
    passage.cost_in_answer = tariff_.cost_in_answer;
    if (!admission.try_open(describe_opening(passage))) co_await open_record(passage);
    const std::size_t targets = passage.failure ? 0 : admission.route()->targets.size();
    for (std::size_t index = 0; index < targets; ++index) {
        co_await try_target(passage, index);
        if (passage.is_over || (passage.failure && !passage.failure->may_retry)) break;
    }
    if (!passage.is_over) co_await answer_failure(passage);
    if (passage.outcome.ending == Ending::failed || !admission.is_sent()) {
        passage.outcome.usage = domain::Usage{.requests = 0};
    } else {
        passage.outcome.usage = passage.meter.usage();
        passage.outcome.usage.output += passage.unseen_output;
        passage.outcome.cost = passage.bill->cost(passage.outcome.usage);
    }
}

domain::OpenView Forward::describe_opening(Passage& passage) const {
    const domain::Target& first = passage.admission.route()->targets.front();
    passage.outcome.provider = upstreams_[first.provider]->provider().name;
    passage.outcome.upstream_model = first.model;
    domain::OpenView record = describe(passage.admission, tariff_);
    record.client_request_id = passage.exchange.id().text();
    record.provider = passage.outcome.provider;
    record.upstream_model = first.model;
    return record;
}

Task<> Forward::open_record(Passage& passage) {
    runtime::Loop& loop = worker_.loop();
    domain::OpenRecord record = copy_of(describe_opening(passage));
    const auto opened = co_await passage.admission.open(loop, std::move(record));
    if (!opened) passage.fail(opened.error());
}

/// Nothing: the target gets the body as it came.
std::optional<std::string> Forward::edited_body(Passage& passage, const domain::Target& target) const {
    const Admission& admission = passage.admission;
    BodyEdits edits;
    edits.model = target.model;
    edits.cap_member = cap_member_of(passage.outcome.provider, admission.call().endpoint);
    if (admission.is_limited() && !admission.is_sliced())
        edits.output_cap = passage.bill->lowered_cap(admission.granted());
    passage.has_lowered_cap = edits.output_cap.has_value();
    passage.allowance = allowance_of(passage, edits.output_cap);
    return request_body(admission.call(), admission.body(), edits);
}

Task<> Forward::try_target(Passage& passage, std::size_t index) {
    const domain::Target& target = passage.admission.route()->targets[index];
    passage.bill = passage.admission.bill(index);
    upstream::Upstream& upstream = *upstreams_[target.provider];
    const upstream::Provider& provider = upstream.provider();
    passage.outcome.provider = provider.name;
    passage.outcome.provider_index = provider.metric;
    passage.outcome.upstream_model = target.model;
    std::vector<std::size_t> tried;
    // Kept where the stream can drop it: nothing is tried again once the client has a head.
    passage.edited_body = edited_body(passage, target);
    for (std::uint32_t attempts = 1;; ++attempts) {
        const auto credential = upstream.choose_credential(tried, runtime::turn_now());
        if (!credential) {
            if (!passage.failure) passage.fail(left_alone(provider));
            co_return;
        }
        ++passage.outcome.attempts;
        Attempt attempt_now{upstream, *credential, passage.body()};
        co_await attempt(passage, attempt_now);
        if (passage.is_over || !passage.failure->may_retry) co_return;
        tried.push_back(*credential);
        domain::FailedAttempt failed;
        failed.attempts = attempts;
        failed.most_attempts = provider.attempts;
        failed.has_other_credential = upstream.has_other_credential(tried);
        // A refused credential is refused again: only another one is worth an attempt.
        if (passage.failure->blame == Blame::operators && !failed.has_other_credential) co_return;
        failed.retry_after = passage.failure->retry_after;
        failed.time_left = passage.time_left(provider.timeouts);
        failed.jitter_percent = jitter(passage.admission.id());
        const auto wait = domain::next_pause(failed);
        if (!wait) co_return;
        const bool goes_on = co_await pause(passage, *wait);
        if (!goes_on) co_return;
    }
}

Task<bool> Forward::pause(Passage& passage, std::chrono::milliseconds pause) {
    if (pause.count() > 0) {
        runtime::Signal never;
        const auto waited = co_await never.wait(worker_.deadlines(), pause, passage.client.interrupter());
        if (!waited && waited.error().code == ErrorCode::client_gone) passage.end(Ending::client_gone);
    }
    co_return !passage.is_over;
}

Task<> Forward::attempt(Passage& passage, Attempt& attempt) {
    passage.failure.reset();
    passage.meter.start_over();
    passage.outcome.upstream_status = 0;
    AnswerHead answer;
    auto lease = co_await ask(passage, attempt, answer);
    domain::Breaker& breaker = attempt.upstream.breaker(attempt.credential);
    if (lease) {
        co_await take_answer(passage, attempt, *lease, answer);
        passage.client.interrupter().attend(nullptr);
    } else {
        note_unanswered(passage, lease.error());
    }
    judge(passage, breaker);
    if (const auto end = end_of_attempt(passage))
        metrics_.attempt_ended(attempt.upstream.provider().metric, *end);
}

Task<Result<Lease>> Forward::ask(Passage& passage, Attempt& attempt, AnswerHead& answer) {
    runtime::Interrupter& interrupter = passage.client.interrupter();
    upstream::Pool& pool = attempt.upstream.pool();
    for (Lease lease = pool.lease_spare();; lease = Lease()) {
        const bool reused = static_cast<bool>(lease);
        if (!reused) {
            auto opened = co_await pool.open(interrupter);
            if (!opened) co_return std::unexpected(opened.error());
            lease = std::move(*opened);
        }
        upstream::Connection& connection = *lease;
        interrupter.attend(&connection.stream());
        const auto answered = co_await send_and_read_head(passage, attempt, connection, answer);
        if (answered) co_return lease;
        interrupter.attend(nullptr);
        // The provider closed a connection that had been idle: nothing of the request was looked at.
        const bool stale =
            reused && connection.answered_nothing() && answered.error().code == ErrorCode::connection_closed;
        if (!stale) co_return std::unexpected(answered.error());
    }
}

Task<Result<void>> Forward::send_and_read_head(Passage& passage, Attempt& attempt,
                                               upstream::Connection& connection, AnswerHead& answer) {
    const upstream::Provider& provider = attempt.upstream.provider();
    upstream::RequestTarget target;
    target.path = domain::path_of(passage.admission.call().endpoint);
    target.credential = attempt.credential;
    target.body_length = attempt.body.size();
    const http::HeadText head =
        upstream::build_request_head(provider, target, passage.exchange.head().fields);
    const std::array<std::string_view, 2> pieces{head.view(), attempt.body};
    set_deadline(passage, connection.stream(), provider.timeouts, ErrorCode::first_byte_timeout);
    // Streams that begin in one burst would get their tokens in bursts for as long as they last.
    if (!passage.admission.call().stream) {
        const auto turned = co_await connection.stream().turn_end();
        if (!turned) co_return std::unexpected(turned.error());
    }
    passage.admission.mark_sent();
    if (!passage.outcome.sent_after) {
        passage.outcome.sent_after = std::chrono::duration_cast<std::chrono::microseconds>(
            runtime::steady_now() - passage.exchange.received_at());
    }
    const auto sent = connection.send(pieces);
    if (!sent) co_return std::unexpected(sent.error());
    if (!*sent) {
        const auto flushed = co_await connection.stream().flush();
        if (!flushed) co_return std::unexpected(flushed.error());
    }
    const auto headed = co_await connection.read_head(answer);
    if (headed && !passage.outcome.first_byte) passage.outcome.first_byte = passage.elapsed();
    co_return headed;
}

Task<> Forward::take_answer(Passage& passage, Attempt& attempt, Lease& lease, AnswerHead& answer) {
    const upstream::Provider& provider = attempt.upstream.provider();
    const int status = answer.head.status;
    passage.outcome.upstream_status = status;
    const AnswerKind kind = answer_kind(status);
    if (kind == AnswerKind::good && has_content_coding(answer.head.fields)) {
        note_unanswered(passage, {.code = ErrorCode::invalid_response, .message = "it is compressed"});
        co_return;
    }
    if (kind == AnswerKind::good) {
        // A stream that is known to be empty is no stream: as a plain answer it is refused, and tried again.
        const bool streams = is_event_stream(answer.head.fields) && lease->has_body_left();
        if (passage.admission.call().stream && streams) {
            passage.drop_body();
            co_return co_await relay_stream(passage, *lease, answer, provider.timeouts);
        }
        co_return co_await relay_plain(passage, *lease, answer, provider.timeouts);
    }
    co_await take_refusal(passage, provider, *lease, answer.head);
}

Task<> Forward::take_refusal(Passage& passage, const upstream::Provider& provider,
                             upstream::Connection& connection, const http::ResponseHead& head) {
    const int status = head.status;
    const AnswerKind kind = answer_kind(status);
    AttemptFailure failure;
    failure.error = failure_of(kind, status, provider.name);
    failure.retry_after = wanted_pause(head.fields);
    failure.may_retry = kind != AnswerKind::passes;
    if (kind == AnswerKind::passes) failure.blame = Blame::caller;
    if (kind == AnswerKind::ours) failure.blame = Blame::operators;
    auto body = co_await read_whole(passage, connection, provider.timeouts);
    if (!body && body.error().code == ErrorCode::client_gone) failure.error = body.error();
    if (body && (kind == AnswerKind::passes || kind == AnswerKind::busy))
        failure.answer = passable(head, std::move(*body));
    passage.fail(std::move(failure));
}

Task<> Forward::answer_failure(Passage& passage) {
    http::Responder& responder = passage.exchange.responder();
    const AttemptFailure& failure = *passage.failure;
    passage.outcome.reason = failure.error.code;
    passage.end(Ending::failed);
    Result<void> sent;
    if (failure.answer) {
        add_passed_fields(*failure.answer, responder);
        sent = co_await responder.send(failure.answer->status, failure.answer->content_type,
                                       failure.answer->body);
    } else {
        add_retry_fields(responder, failure.error);
        const std::string body = http::error_body(failure.error);
        sent = co_await responder.send(http::status_of(failure.error.code), "application/json", body);
    }
    if (!sent) passage.end(Ending::client_gone);
}

} // namespace tollgate::gateway
