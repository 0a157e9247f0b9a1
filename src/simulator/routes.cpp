#include "simulator/routes.hpp"

#include "simulator/distort.hpp"
#include "simulator/format.hpp"

#include <algorithm>
#include <array>
#include <expected>

namespace tollgate::simulator {

namespace {

/// Every wire format there is, in the order in which routes are looked for.
constexpr std::array formats{openai_routes, anthropic_routes, gemini_routes};

std::string_view path_of(std::string_view target) {
    return target.substr(0, target.find('?'));
}

std::string_view behind_version(std::string_view path) {
    for (const std::string_view version : {"/v1/", "/v1beta/"}) {
        const std::size_t at = path.rfind(version);
        if (at != std::string_view::npos) return path.substr(at + version.size());
    }
    return {};
}

struct Found {
    const Route* route = nullptr;
    bool path_known = false;
};

Found find_route(std::string_view method, std::string_view rest) {
    Found found;
    for (const auto& routes : formats)
        for (const Route& route : routes()) {
            if (!route.matches(rest)) continue;
            found.path_known = true;
            if (route.method == method) return Found{.route = &route, .path_known = true};
        }
    return found;
}

Failure no_route(const Received& received, const Found& found) {
    const std::string shown = std::string(received.method) + " " + std::string(path_of(received.target));
    if (!found.path_known)
        return Failure{
            .status = 404, .message = "Invalid URL (" + shown + ")", .type = "invalid_request_error"};
    return Failure{.status = 405,
                   .message = "Not allowed to " + std::string(received.method) + " on " +
                              std::string(path_of(received.target)) + ".",
                   .type = "invalid_request_error",
                   .code = "method_not_supported"};
}

std::string_view key_of(const Received& received) {
    static constexpr std::string_view scheme = "Bearer ";
    if (received.authorization.starts_with(scheme)) return received.authorization.substr(scheme.size());
    return received.api_key;
}

Failure invalid(std::string message) {
    return Failure{.status = 400, .message = std::move(message), .type = "invalid_request_error"};
}

std::expected<Json, Failure> parse_body(const Received& received) {
    if (received.method != "POST") return Json::object();
    Json body = Json::parse(received.body, nullptr, false);
    if (body.is_discarded() || !body.is_object())
        return std::unexpected(invalid(
            "We could not parse the JSON body of your request. What was sent was not a JSON object."));
    return body;
}

/// Gemini's "models/NAME:verb"; a client may have encoded the plus sign of directives.
std::string model_in_path(std::string_view rest) {
    static constexpr std::string_view folder = "models/";
    static constexpr std::string_view encoded_plus = "%2B";
    if (!rest.starts_with(folder)) return {};
    std::string model(rest.substr(folder.size()));
    model.resize(std::min(model.size(), model.rfind(':')));
    for (std::size_t at = model.find(encoded_plus); at != std::string::npos; at = model.find(encoded_plus))
        model.replace(at, encoded_plus.size(), "+");
    return model;
}

/// Later ones have precedence: command line, header, model, prompt.
base::Result<void> apply_script(Call& call) {
    for (const std::string_view text : {call.received.directives, directives_of_model(call.model),
                                        directives_of_text(call.received.body)}) {
        auto applied = apply_directives(call.script, text);
        if (!applied) return applied;
    }
    return {};
}

std::expected<Call, Failure> read_call(const Received& received, std::string_view rest,
                                       const Settings& settings) {
    Call call{
        .received = received, .rest = rest, .script = settings.script, .default_tokens = settings.tokens};
    auto body = parse_body(received);
    if (!body) return std::unexpected(body.error());
    call.body = std::move(*body);
    call.model = text_of(call.body, "model");
    if (call.model.empty()) call.model = model_in_path(rest);
    call.stream = flag_of(call.body, "stream");
    if (call.model.empty() && received.method == "POST")
        return std::unexpected(Failure{
            .status = 400, .message = "you must provide a model parameter", .type = "invalid_request_error"});
    auto applied = apply_script(call);
    if (!applied) return std::unexpected(invalid(applied.error().message));
    call.model_answered = call.script.model.empty() ? call.model : call.script.model;
    return call;
}

int scripted_status(const Call& call, Attempts& attempts) {
    const Script& script = call.script;
    if (script.status_once_count == 0) return script.status;
    const std::string key = script.tag.empty()
                                ? std::string(call.received.target) + "\n" + std::string(call.received.body)
                                : script.tag;
    return attempts.count(key) < script.status_once_count ? script.status_once : script.status;
}

/// The model's name in JSON of which only the beginning is there.
std::string_view model_in_part(std::string_view body) {
    static constexpr std::string_view key = "\"model\"";
    const std::size_t at = body.find(key);
    if (at == std::string_view::npos) return {};
    const std::size_t quote = body.find('"', at + key.size());
    if (quote == std::string_view::npos) return {};
    const std::string_view rest = body.substr(quote + 1);
    return rest.substr(0, rest.find('"'));
}

Reply too_early(const Script& script, const Format& format) {
    Reply reply =
        format.error(Failure{.status = script.status >= 400 ? script.status : 413, .code = script.code});
    reply.script = script;
    reply.repeatable = Repeatable::no;
    return reply;
}

Reply answer_call(const Call& call, const Route& route, Attempts& attempts) {
    if (call.script.fault.kind == FaultKind::early) return too_early(call.script, *route.format);
    const int status = scripted_status(call, attempts);
    Reply reply = status >= 400 ? route.format->error(Failure{.status = status, .code = call.script.code})
                                : route.answer(call);
    if (status >= 400) {
        if (const auto& seconds = call.script.retry_after_s)
            reply.headers.emplace_back("retry-after", std::to_string(*seconds));
        if (const auto& ms = call.script.retry_after_ms)
            reply.headers.emplace_back("retry-after-ms", std::to_string(*ms));
    }
    if (reply.status == 200) reply.status = status;
    if (call.script.status_once_count > 0) reply.repeatable = Repeatable::no;
    reply.model = call.model;
    reply.script = call.script;
    distort(reply, *route.format);
    return reply;
}

} // namespace

Reply answer(const Received& received, const Settings& settings, Attempts& attempts) {
    const std::string_view rest = behind_version(path_of(received.target));
    const Found found = find_route(received.method, rest);
    if (found.route == nullptr) return openai_format().error(no_route(received, found));
    const Format& format = *found.route->format;
    const std::string_view key = key_of(received);
    if (!settings.require_key.empty() && key != settings.require_key)
        return format.error(format.wrong_key(key));
    try {
        const auto call = read_call(received, rest, settings);
        return call ? answer_call(*call, *found.route, attempts) : format.error(call.error());
    } catch (const nlohmann::json::exception&) {
        return format.error(invalid("A parameter of the request has the wrong type."));
    }
}

std::optional<Reply> answer_early(const Received& received, const Settings& settings) {
    Script script = settings.script;
    for (const std::string_view text :
         {received.directives, directives_of_model(model_in_part(received.body)),
          directives_of_text(received.body)})
        if (!apply_directives(script, text)) return std::nullopt; // the whole request will tell what is wrong
    if (script.fault.kind != FaultKind::early) return std::nullopt;
    const Found found = find_route(received.method, behind_version(path_of(received.target)));
    Reply reply = too_early(script, found.route != nullptr ? *found.route->format : openai_format());
    reply.model = model_in_part(received.body);
    return reply;
}

} // namespace tollgate::simulator
