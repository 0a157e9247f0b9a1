#include "gateway/upstream_answer.hpp"

#include <nlohmann/json.hpp>

#include <charconv>

namespace tollgate::gateway {

namespace {

using base::ErrorCode;
using base::ErrorSource;
using http::FieldName;

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

base::Error upstream_error(ErrorCode code, std::string message) {
    return base::Error{.code = code,
                       .source = ErrorSource::upstream,
                       .retry = base::Retry::maybe,
                       .message = std::move(message)};
}

} // namespace

AnswerKind answer_kind(int status) {
    if (status >= 200 && status < 300) return AnswerKind::good;
    switch (status) {
    case 400:
    case 404:
    case 409:
    case 413:
    case 415:
    case 422: return AnswerKind::passes;
    case 429: return AnswerKind::busy;
    case 401:
    case 402:
    case 403: return AnswerKind::ours;
    default: return AnswerKind::broken;
    }
}

base::Error failure_of(AnswerKind kind, int status, const std::string& provider) {
    const std::string answered = "the provider " + provider + " answered " + std::to_string(status);
    if (kind == AnswerKind::ours)
        return upstream_error(ErrorCode::all_providers_failed,
                              "the provider " + provider +
                                  " does not accept this gateway's credential; tell its operator");
    if (kind == AnswerKind::broken) return upstream_error(ErrorCode::all_providers_failed, answered);
    return upstream_error(ErrorCode::invalid_response, answered + " in a form that cannot be passed on");
}

base::Error failure_of(const base::Error& cause, const std::string& provider) {
    switch (cause.code) {
    case ErrorCode::client_gone: return cause;
    case ErrorCode::connect_timeout:
        return upstream_error(cause.code, "no connection to the provider " + provider + " in time");
    case ErrorCode::first_byte_timeout:
        return upstream_error(cause.code, "the provider " + provider + " did not begin to answer in time");
    case ErrorCode::idle_timeout:
        return upstream_error(cause.code,
                              "the provider " + provider + " stopped in the middle of its answer");
    case ErrorCode::total_timeout:
        return upstream_error(cause.code, "the call took longer than this gateway allows");
    case ErrorCode::invalid_response:
        return upstream_error(cause.code, "the provider " + provider +
                                              " sent an answer that is not valid: " + cause.message);
    case ErrorCode::overloaded: return upstream_error(cause.code, cause.message);
    default:
        return upstream_error(ErrorCode::all_providers_failed,
                              "the provider " + provider + " cannot be reached");
    }
}

std::optional<std::chrono::milliseconds> wanted_pause(const http::Fields& fields) {
    if (const auto exact = whole_number(fields.find(FieldName::retry_after_ms)))
        return std::chrono::milliseconds(*exact);
    if (const auto seconds = whole_number(fields.find(FieldName::retry_after)); seconds && *seconds < 86'400)
        return std::chrono::seconds(*seconds);
    return std::nullopt;
}

bool has_content_coding(const http::Fields& fields) {
    if (!fields.has(FieldName::content_encoding)) return false;
    for (const http::Field& field : fields) {
        if (field.known != FieldName::content_encoding) continue;
        if (!field.value.empty() && !http::equals_ignoring_case(field.value, "identity")) return true;
    }
    return false;
}

std::optional<PassedAnswer> passable(const http::ResponseHead& head, std::string body) {
    if (has_content_coding(head.fields)) return std::nullopt;
    const auto parsed = nlohmann::json::parse(body, nullptr, false);
    if (!parsed.is_object() || !parsed.contains("error")) return std::nullopt;
    PassedAnswer answer;
    answer.status = head.status;
    answer.content_type = "application/json";
    answer.body = std::move(body);
    answer.retry_after = head.fields.find(FieldName::retry_after);
    answer.retry_after_ms = head.fields.find(FieldName::retry_after_ms);
    answer.should_retry = head.fields.find(FieldName::x_should_retry);
    answer.request_id = head.fields.find(FieldName::x_request_id);
    return answer;
}

} // namespace tollgate::gateway
