#include "simulator/gemini_format.hpp"

#include <algorithm>
#include <array>

namespace tollgate::simulator::gemini {

namespace {

struct Usual {
    int status;
    std::string_view name;
    std::string_view message;
};

constexpr std::array<Usual, 8> usual_errors{
    {{400, "INVALID_ARGUMENT", "Request contains an invalid argument."},
     {401, "UNAUTHENTICATED", "Request had invalid authentication credentials."},
     {403, "PERMISSION_DENIED", "The caller does not have permission."},
     {404, "NOT_FOUND", "The requested model is not found."},
     {429, "RESOURCE_EXHAUSTED",
      "You exceeded your current quota, please check your plan and billing details."},
     {500, "INTERNAL", "An internal error has occurred."},
     {503, "UNAVAILABLE", "The model is overloaded. Please try again later."},
     {504, "DEADLINE_EXCEEDED", "The request timed out."}}};

Usual usual_for(int status) {
    const auto* found = std::ranges::find(usual_errors, status, &Usual::status);
    if (found != usual_errors.end()) return *found;
    return status < 500 ? usual_errors.front() : Usual{status, "INTERNAL", "An internal error has occurred."};
}

Json error_object(const Failure& failure) {
    const Usual usual = usual_for(failure.status);
    return Json{{"error",
                 {{"code", failure.status},
                  {"message", failure.message.empty() ? std::string(usual.message) : failure.message},
                  {"status", usual.name}}}};
}

Headers headers() {
    return {{"vary", "Origin"},
            {"server", "scaffolding on HTTPServer2"},
            {"x-xss-protection", "0"},
            {"x-frame-options", "SAMEORIGIN"},
            {"x-content-type-options", "nosniff"},
            {"server-timing", "gfet4t7; dur=14"}};
}

/// Google answers a wrong key with 400.
Failure wrong_key(std::string_view key) {
    if (key.empty())
        return Failure{.status = 403,
                       .message = "Method doesn't allow unregistered callers (callers without established "
                                  "identity). Please use API Key or other form of API consumer identity."};
    return Failure{.status = 400, .message = "API key not valid. Please pass a valid API key."};
}

std::string stream_error(const Failure& failure) {
    return text(error_object(failure));
}

constexpr Format format{
    .error = error, .stream_error_name = "", .stream_error = stream_error, .wrong_key = wrong_key};

constexpr std::array routes{Route{"POST", "models/*", &format, answer_verb}};

} // namespace

std::string text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Reply reply_for(const Call& call) {
    Reply reply;
    reply.content_type = "application/json; charset=UTF-8";
    reply.headers = headers();
    reply.model = call.model_answered;
    return reply;
}

Reply error(const Failure& failure) {
    Reply reply;
    reply.status = failure.status;
    reply.content_type = "application/json; charset=UTF-8";
    reply.headers = headers();
    reply.body = error_object(failure).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    return reply;
}

Reply refused(std::string message) {
    return error(Failure{.status = 400, .message = std::move(message)});
}

Json usage_object(const TokenCounts& counts) {
    const std::uint64_t thoughts = std::min(counts.completion, counts.reasoning);
    Json usage{{"promptTokenCount", counts.prompt},
               {"candidatesTokenCount", counts.completion - thoughts},
               {"totalTokenCount", counts.prompt + counts.completion},
               {"promptTokensDetails", Json::array({{{"modality", "TEXT"}, {"tokenCount", counts.prompt}}})}};
    if (counts.cached > 0) usage["cachedContentTokenCount"] = counts.cached;
    if (thoughts > 0) usage["thoughtsTokenCount"] = thoughts;
    return usage;
}

} // namespace tollgate::simulator::gemini

namespace tollgate::simulator {

std::span<const Route> gemini_routes() {
    return gemini::routes;
}

} // namespace tollgate::simulator
