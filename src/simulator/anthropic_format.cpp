#include "simulator/anthropic_format.hpp"

#include <algorithm>
#include <array>

namespace tollgate::simulator::anthropic {

namespace {

struct Usual {
    int status;
    std::string_view type;
    std::string_view message;
};

constexpr std::array<Usual, 9> usual_errors{
    {{400, "invalid_request_error", "The request was not understood."},
     {401, "authentication_error", "invalid x-api-key"},
     {403, "permission_error", "Your API key does not have permission to use the specified resource."},
     {404, "not_found_error", "The requested resource could not be found."},
     {413, "request_too_large", "Request exceeds the maximum size"},
     {429, "rate_limit_error", "This request would exceed your organization's rate limit."},
     {500, "api_error", "Internal server error"},
     {504, "timeout_error", "The request timed out."},
     {529, "overloaded_error", "Overloaded"}}};

Usual usual_for(int status) {
    const auto* found = std::ranges::find(usual_errors, status, &Usual::status);
    if (found != usual_errors.end()) return *found;
    return status < 500 ? usual_errors.front() : Usual{status, "api_error", "Internal server error"};
}

Json error_object(const Failure& failure) {
    const Usual usual = usual_for(failure.status);
    return Json{{"type", "error"},
                {"error",
                 {{"type", failure.type.empty() ? std::string(usual.type) : failure.type},
                  {"message", failure.message.empty() ? std::string(usual.message) : failure.message}}},
                {"request_id", "req_" + std::string(id_placeholder)}};
}

Headers headers() {
    return {{"anthropic-organization-id", "00000000-0000-4000-8000-000000000000"},
            {"anthropic-ratelimit-requests-limit", "4000"},
            {"anthropic-ratelimit-requests-remaining", "3999"},
            {"anthropic-ratelimit-requests-reset", "2027-01-01T00:00:00Z"},
            {"anthropic-ratelimit-tokens-limit", "480000"},
            {"anthropic-ratelimit-tokens-remaining", "480000"},
            {"anthropic-ratelimit-tokens-reset", "2027-01-01T00:00:00Z"},
            {"request-id", "req_" + std::string(id_placeholder)},
            {"strict-transport-security", "max-age=31536000; includeSubDomains; preload"},
            {"via", "1.1 google"},
            {"cf-cache-status", "DYNAMIC"},
            {"x-robots-tag", "none"},
            {"server", "cloudflare"}};
}

Failure wrong_key(std::string_view key) {
    return Failure{.status = 401,
                   .message = key.empty() ? "x-api-key header is required" : "invalid x-api-key",
                   .type = "authentication_error"};
}

std::string stream_error(const Failure& failure) {
    return text(error_object(failure));
}

constexpr Format format{
    .error = error, .stream_error_name = "error", .stream_error = stream_error, .wrong_key = wrong_key};

constexpr std::array routes{Route{"POST", "messages", &format, answer_messages},
                            Route{"POST", "messages/count_tokens", &format, answer_count_tokens}};

} // namespace

std::string text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Reply reply_for(const Call& call) {
    Reply reply;
    reply.headers = headers();
    reply.model = call.model_answered;
    return reply;
}

Reply error(const Failure& failure) {
    Reply reply;
    reply.status = failure.status;
    reply.headers = headers();
    reply.body = text(error_object(failure));
    return reply;
}

Reply refused(std::string message) {
    return error(Failure{.status = 400, .message = std::move(message), .type = "invalid_request_error"});
}

Json usage_object(const TokenCounts& counts) {
    const std::uint64_t cache = std::min(counts.prompt, counts.cached + counts.cache_write);
    return Json{{"input_tokens", counts.prompt - cache},
                {"cache_creation_input_tokens", counts.cache_write},
                {"cache_read_input_tokens", counts.cached},
                {"cache_creation",
                 {{"ephemeral_5m_input_tokens", counts.cache_write}, {"ephemeral_1h_input_tokens", 0}}},
                {"output_tokens", counts.completion},
                {"service_tier", "standard"}};
}

} // namespace tollgate::simulator::anthropic

namespace tollgate::simulator {

std::span<const Route> anthropic_routes() {
    return anthropic::routes;
}

} // namespace tollgate::simulator
