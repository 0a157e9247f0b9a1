#include "simulator/openai_format.hpp"

#include "simulator/openai_routes.hpp"

#include <algorithm>
#include <array>

namespace tollgate::simulator::openai {

namespace {

struct Usual {
    int status;
    std::string_view type;
    std::string_view code; // empty for null
    std::string_view message;
};

constexpr std::array<Usual, 10> usual_errors{
    {{400, "invalid_request_error", "", "The request was not understood."},
     {401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided."},
     {403, "invalid_request_error", "unsupported_country_region_territory",
      "Country, region, or territory not supported"},
     {404, "invalid_request_error", "model_not_found",
      "The model does not exist or you do not have access to it."},
     {408, "timeout", "", "Request timed out."},
     {413, "invalid_request_error", "", "The request is too large."},
     {429, "requests", "rate_limit_exceeded",
      "Rate limit reached for requests. Limit: 3 / min. Please try again in 20s."},
     {500, "server_error", "", "The server had an error while processing your request. Sorry about that!"},
     {502, "server_error", "", "Bad gateway."},
     {503, "server_error", "", "That model is currently overloaded with other requests."}}};

Usual usual_for(int status) {
    const auto* found = std::ranges::find(usual_errors, status, &Usual::status);
    if (found != usual_errors.end()) return *found;
    return status < 500 ? Usual{status, "invalid_request_error", "", "The request failed."}
                        : Usual{status, "server_error", "", "The server had an error."};
}

Json or_null(std::string_view text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

Json error_object(const Failure& failure) {
    const Usual usual = usual_for(failure.status);
    const auto pick = [](const std::string& given, std::string_view otherwise) {
        return given.empty() ? std::string(otherwise) : given;
    };
    Json error;
    error["message"] = pick(failure.message, usual.message);
    error["type"] = failure.code == "insufficient_quota" ? failure.code : pick(failure.type, usual.type);
    error["param"] = or_null(failure.param);
    // A message of its own has its own code; the usual code belongs to the usual message.
    error["code"] = or_null(failure.message.empty() ? pick(failure.code, usual.code) : failure.code);
    return Json{{"error", std::move(error)}};
}

Headers headers() {
    return {{"access-control-expose-headers", "X-Request-ID"},
            {"openai-organization", "simulated-organization"},
            {"openai-processing-ms", "12"},
            {"openai-project", "proj_Simulated00000000000000"},
            {"openai-version", "2020-10-01"},
            {"x-envoy-upstream-service-time", "14"},
            {"x-ratelimit-limit-requests", "10000"},
            {"x-ratelimit-limit-tokens", "30000000"},
            {"x-ratelimit-remaining-requests", "9999"},
            {"x-ratelimit-remaining-tokens", "29999976"},
            {"x-ratelimit-reset-requests", "6ms"},
            {"x-ratelimit-reset-tokens", "0s"},
            {"x-request-id", "req_" + std::string(id_placeholder)},
            {"strict-transport-security", "max-age=31536000; includeSubDomains; preload"},
            {"cf-cache-status", "DYNAMIC"},
            {"set-cookie", "__cf_bm=" + std::string(id_placeholder) +
                               "; path=/; domain=.api.openai.com; HttpOnly; Secure; SameSite=None"},
            {"x-content-type-options", "nosniff"},
            {"server", "cloudflare"}};
}

/// "sk-ab" and "wxyz" of "sk-ab…wxyz" stay readable, as in the real message.
Failure wrong_key(std::string_view key) {
    if (key.empty())
        return Failure{
            .status = 401,
            .message = "You didn't provide an API key. You need to provide your API key in an Authorization "
                       "header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
            .type = "invalid_request_error"};
    std::string masked(key);
    if (key.size() > 12)
        masked = std::string(key.substr(0, 8)) + std::string(key.size() - 12, '*') +
                 std::string(key.substr(key.size() - 4));
    return Failure{.status = 401,
                   .message = "Incorrect API key provided: " + masked +
                              ". You can find your API key at https://platform.openai.com/account/api-keys.",
                   .type = "invalid_request_error",
                   .code = "invalid_api_key"};
}

std::string stream_error(const Failure& failure) {
    return text(error_object(failure));
}

constexpr Format format{
    .error = error, .stream_error_name = "", .stream_error = stream_error, .wrong_key = wrong_key};

constexpr std::array routes{Route{"POST", "chat/completions", &format, answer_chat},
                            Route{"POST", "completions", &format, answer_completion},
                            Route{"POST", "embeddings", &format, answer_embeddings},
                            Route{"POST", "moderations", &format, answer_moderation},
                            Route{"GET", "models", &format, answer_models},
                            Route{"GET", "models/*", &format, answer_model}};

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

Reply json_reply(const Call& call, const Json& body) {
    Reply reply = reply_for(call);
    reply.body = text(body);
    return reply;
}

Reply error(const Failure& failure) {
    Reply reply;
    reply.status = failure.status;
    reply.headers = headers();
    reply.body = error_object(failure).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    return reply;
}

Failure bad_request(std::string message, std::string param) {
    return Failure{.status = 400,
                   .message = std::move(message),
                   .type = "invalid_request_error",
                   .param = std::move(param)};
}

Json usage_object(const TokenCounts& counts) {
    Json prompt{{"cached_tokens", counts.cached}, {"audio_tokens", 0}};
    if (counts.cache_write > 0) prompt["cache_write_tokens"] = counts.cache_write;
    return Json{{"prompt_tokens", counts.prompt},
                {"completion_tokens", counts.completion},
                {"total_tokens", counts.prompt + counts.completion},
                {"prompt_tokens_details", std::move(prompt)},
                {"completion_tokens_details",
                 {{"reasoning_tokens", counts.reasoning},
                  {"audio_tokens", 0},
                  {"accepted_prediction_tokens", 0},
                  {"rejected_prediction_tokens", 0}}}};
}

} // namespace tollgate::simulator::openai

namespace tollgate::simulator {

std::span<const Route> openai_routes() {
    return openai::routes;
}

const Format& openai_format() {
    return openai::format;
}

bool Route::matches(std::string_view rest) const {
    if (!path.ends_with('*')) return rest == path;
    const std::string_view fixed = path.substr(0, path.size() - 1);
    return rest.size() > fixed.size() && rest.starts_with(fixed);
}

} // namespace tollgate::simulator
