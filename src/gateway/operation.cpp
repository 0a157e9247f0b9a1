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

bool is_json(const http::Fields& fields) {
    constexpr std::string_view type = "application/json";
    const std::string_view value = fields.find("content-type");
    if (value.size() < type.size() || !http::equals_ignoring_case(value.substr(0, type.size()), type))
        return false;
    return value.size() == type.size() || value[type.size()] == ';' || value[type.size()] == ' ';
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
                                "send the call as JSON, with 'Content-Type: application/json'");
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
