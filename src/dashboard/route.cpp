#include "dashboard/route.hpp"

#include "dashboard/answers.hpp"

namespace tollgate::dashboard {

namespace {

using enum Who;
using enum Work;
using enum Credential;

// clang-format off
constexpr Route table[] = {
    {"GET", "/api/settings", anyone, show_settings},
    {"GET", "/api/models", anyone, list_models},
    {"GET", "/api/openapi.json", anyone, show_description},
    {"GET", "/api/docs", anyone, show_documentation},

    {"POST", "/api/auth/register", anyone, register_account, hashing},
    {"POST", "/api/auth/login", anyone, log_in, hashing},
    {"POST", "/api/auth/logout", anyone, log_out},
    {"POST", "/api/auth/reset", anyone, reset_password, hashing},
    {"POST", "/api/auth/password", member, change_password, hashing},
    {"GET", "/api/auth/me", member, show_me},
    {"PATCH", "/api/auth/me", member, change_me},
    {"GET", "/api/auth/sessions", member, list_sessions},
    {"DELETE", "/api/auth/sessions", member, end_other_sessions},
    {"DELETE", "/api/auth/sessions/{id}", member, end_session},

    {"GET", "/api/api-keys", member, list_keys},
    {"POST", "/api/api-keys", member, create_key},
    {"GET", "/api/api-keys/{id}", member, show_key},
    {"PATCH", "/api/api-keys/{id}", member, change_key},
    {"DELETE", "/api/api-keys/{id}", member, revoke_key},
    {"POST", "/api/api-keys/{id}/rotate", member, rotate_key},
    {"POST", "/api/api-keys/{id}/disable", member, disable_key},
    {"POST", "/api/api-keys/{id}/enable", member, enable_key},

    {"GET", "/api/usage/overview", member, show_overview},
    {"GET", "/api/usage/summary", member, show_summary},
    {"GET", "/api/usage/series", member, show_series},
    {"GET", "/api/usage/requests", member, list_calls},
    {"GET", "/api/usage/export", member, export_calls},

    {"GET", "/api/billing/balance", member, show_balance, ordinary, session_or_key},
    {"GET", "/api/billing/lots", member, list_lots, ordinary, session_or_key},
    {"GET", "/api/billing/transactions", member, list_transactions, ordinary, session_or_key},

    {"GET", "/api/admin/users", admin, list_users},
    {"POST", "/api/admin/users", admin, create_user, hashing},
    {"GET", "/api/admin/users/{id}", admin, show_user},
    {"PATCH", "/api/admin/users/{id}", admin, change_user},
    {"DELETE", "/api/admin/users/{id}/sessions", admin, end_user_sessions},
    {"POST", "/api/admin/users/{id}/reset", admin, make_reset},
    {"GET", "/api/admin/invitations", admin, list_invitations},
    {"POST", "/api/admin/invitations", admin, create_invitation},
    {"DELETE", "/api/admin/invitations/{id}", admin, remove_invitation},
    {"GET", "/api/admin/credits", admin, list_credits},
    {"POST", "/api/admin/credits", admin, add_credit},
    {"GET", "/api/admin/providers", admin, list_providers},
    {"GET", "/api/admin/nodes", admin, list_nodes},
    {"GET", "/api/admin/audit", admin, list_audit},
};
// clang-format on

std::string_view take_segment(std::string_view& path) {
    const auto end = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    return segment;
}

/// Does the path fit? What stands for {id} is left in `id`, percent-decoded.
bool fits(std::string_view pattern, std::string_view path, std::string& id) {
    if (std::ranges::count(pattern, '/') != std::ranges::count(path, '/')) return false;
    while (!pattern.empty() || !path.empty()) {
        const std::string_view wanted = take_segment(pattern);
        const std::string_view given = take_segment(path);
        if (wanted == given) continue;
        if (wanted != "{id}" || given.empty()) return false;
        const auto decoded = percent_decoded(given);
        if (!decoded) return false;
        id = *decoded;
    }
    return true;
}

} // namespace

std::string_view to_string(Who who) {
    switch (who) {
    case anyone: return "anyone";
    case member: return "member";
    case admin: return "admin";
    }
    return "";
}

std::span<const Route> routes() {
    return table;
}

std::size_t metric_index(const Route& route) {
    return static_cast<std::size_t>(&route - std::begin(table));
}

std::size_t page_metric_index() {
    return std::size(table);
}

std::vector<telemetry::RouteLabel> route_labels() {
    std::vector<telemetry::RouteLabel> labels;
    for (const Route& route : table)
        labels.push_back({.method = std::string(route.method), .route = std::string(route.path)});
    labels.push_back({.method = "GET", .route = "page"});
    return labels;
}

RouteMatch find_route(std::string_view method, std::string_view path) {
    const std::string_view wanted = method == "HEAD" ? "GET" : method;
    RouteMatch match;
    for (const Route& route : table) {
        std::string id;
        if (!fits(route.path, path, id)) continue;
        match.allow += (match.allow.empty() ? "" : ", ") + std::string(route.method);
        if (route.method == "GET") match.allow += ", HEAD";
        if (route.method != wanted) continue;
        match.route = &route;
        match.id = std::move(id);
    }
    return match;
}

} // namespace tollgate::dashboard
