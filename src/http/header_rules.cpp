#include "tollgate/http/header_rules.hpp"

#include "http/characters.hpp"

#include <algorithm>
#include <array>

namespace tollgate::http {

namespace {

constexpr std::array<std::string_view, 10> upstream_names{
    "accept",         "content-type",    "user-agent",  "openai-beta", "anthropic-version",
    "anthropic-beta", "idempotency-key", "traceparent", "tracestate",  "accept-language",
};

constexpr std::array<std::string_view, 5> lists{
    "accept", "accept-language", "openai-beta", "anthropic-beta", "tracestate",
};

constexpr std::array<std::string_view, 6> client_names{
    "content-type",   "retry-after",          "retry-after-ms",
    "x-should-retry", "openai-processing-ms", "openai-version",
};

bool is_listed(const auto& names, std::string_view name) {
    return std::ranges::any_of(
        names, [name](std::string_view listed) { return equals_ignoring_case(listed, name); });
}

} // namespace

bool may_go_upstream(std::string_view name) {
    return is_listed(upstream_names, name);
}

bool may_repeat(std::string_view name) {
    return is_listed(lists, name);
}

bool may_go_to_client(std::string_view name) {
    return is_listed(client_names, name);
}

bool is_nominated(const Fields& fields, std::string_view name) {
    bool found = false;
    for (const Field& field : fields) {
        if (!equals_ignoring_case(field.name, "connection")) continue;
        for_each_element(field.value, [&found, name](std::string_view element) {
            found |= equals_ignoring_case(element, name);
        });
    }
    return found;
}

} // namespace tollgate::http
