#include "gateway/operation.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace tollgate::gateway {

namespace {

using base::ErrorCode;
using base::Result;

struct CallPath {
    std::string_view path;
    domain::Endpoint endpoint;
};

constexpr std::array call_paths = {
    CallPath{"/v1/chat/completions", domain::Endpoint::chat_completions},
    CallPath{"/v1/completions", domain::Endpoint::completions},
    CallPath{"/v1/embeddings", domain::Endpoint::embeddings},
};
constexpr std::string_view models_path = "/v1/models";

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Percent-decoding (RFC 3986 §2.1); nothing when it is broken or hides a control character.
std::optional<std::string> decode(std::string_view text) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        char c = text[at];
        if (c == '%') {
            if (at + 2 >= text.size()) return std::nullopt;
            const int high = hex_value(text[at + 1]);
            const int low = hex_value(text[at + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            at += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
        decoded.push_back(c);
    }
    return decoded;
}

std::unexpected<base::Error> unknown_path(std::string_view path) {
    return base::reject(ErrorCode::unknown_path,
                        "there is nothing at " + std::string(path) + "; the calls are listed in docs/api.md");
}

bool is_call(std::string_view path) {
    return std::ranges::find(call_paths, path, &CallPath::path) != call_paths.end();
}

std::unexpected<base::Error> wrong_method(const http::RequestHead& head) {
    return base::reject(ErrorCode::method_not_allowed, std::string(head.path) + " takes " +
                                                           std::string(allowed_methods(head.path)) +
                                                           ", not " + std::string(head.method));
}

/// Takes the next parameter, with its semicolon, off the front of a media type's tail; a quoted one may hold
/// semicolons.
std::string_view take_parameter(std::string_view& tail) {
    bool quoted = false;
    std::size_t end = 1;
    for (; end < tail.size() && (quoted || tail[end] != ';'); ++end) {
        if (tail[end] == '"') quoted = !quoted;
        if (tail[end] == '\\' && quoted) ++end;
    }
    const std::string_view parameter = tail.substr(1, std::min(end, tail.size()) - 1);
    tail.remove_prefix(std::min(end, tail.size()));
    return parameter;
}

/// False for a charset other than UTF-8: who reads the body by it reads another body than we did.
bool is_utf8_parameter(std::string_view parameter) {
    constexpr std::string_view name = "charset";
    parameter.remove_prefix(std::min(parameter.find_first_not_of(" \t"), parameter.size()));
    if (!http::equals_ignoring_case(parameter.substr(0, name.size()), name)) return true;
    const std::string_view value = parameter.substr(name.size());
    return http::equals_ignoring_case(value, "=utf-8") || http::equals_ignoring_case(value, "=\"utf-8\"");
}

bool is_json(const http::Fields& fields) {
    constexpr std::string_view type = "application/json";
    const std::string_view value = fields.find(http::FieldName::content_type);
    if (!http::equals_ignoring_case(value.substr(0, type.size()), type)) return false;
    std::string_view tail = value.substr(type.size());
    if (tail.starts_with(' ')) tail.remove_prefix(1);
    while (tail.starts_with(';')) {
        if (!is_utf8_parameter(take_parameter(tail))) return false;
    }
    return tail.empty();
}

} // namespace

std::string_view allowed_methods(std::string_view path) {
    return is_call(path) ? "POST" : "GET, HEAD";
}

Result<Operation> find_operation(const http::RequestHead& head) {
    for (const CallPath& call : call_paths) {
        if (head.path != call.path) continue;
        if (head.method != "POST") return wrong_method(head);
        if (!is_json(head.fields))
            return base::reject(ErrorCode::unsupported_media_type,
                                "send the call as JSON in UTF-8, with 'Content-Type: application/json'");
        return Operation(call.endpoint);
    }
    const bool one_model = head.path.starts_with(models_path) && head.path.size() > models_path.size() + 1 &&
                           head.path[models_path.size()] == '/';
    if (!one_model && head.path != models_path && head.path != "/v1/key" && head.path != "/v1/credits")
        return unknown_path(head.path);
    if (head.method != "GET" && head.method != "HEAD") return wrong_method(head);
    if (head.path == models_path) return Operation(ListModels{});
    if (head.path == "/v1/key") return Operation(ShowKey{});
    if (head.path == "/v1/credits") return Operation(ShowCredits{});
    auto id = decode(head.path.substr(models_path.size() + 1));
    if (!id) return unknown_path(head.path);
    return Operation(FindModel{std::move(*id)});
}

} // namespace tollgate::gateway
