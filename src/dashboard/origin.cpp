#include "dashboard/origin.hpp"

#include "tollgate/domain/key.hpp"

#include <algorithm>

namespace tollgate::dashboard {

namespace {

std::string_view trim(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::unexpected<base::Error> refused() {
    return base::reject(base::ErrorCode::cross_origin,
                        "this call changes something and comes from a page of another site");
}

/// "https://host:1234" names this host, over a scheme that fits.
bool is_own_origin(std::string_view origin, std::string_view host, Scheme scheme) {
    constexpr std::string_view secure = "https://";
    constexpr std::string_view plain = "http://";
    if (origin.starts_with(secure)) return http::equals_ignoring_case(origin.substr(secure.size()), host);
    // Behind a proxy that is not trusted we may take https for http, but never the other way.
    return scheme == Scheme::http && origin.starts_with(plain) &&
           http::equals_ignoring_case(origin.substr(plain.size()), host);
}

} // namespace

Scheme scheme_of(const http::Fields& fields, const SchemeFacts& facts) {
    if (facts.own == Scheme::https || facts.trusted_proxies.empty()) return facts.own;
    domain::Policy trusted;
    trusted.ip_allow = facts.trusted_proxies;
    if (!domain::is_address_allowed(trusted, facts.peer)) return facts.own;
    const std::string_view said = fields.find("x-forwarded-proto");
    return http::equals_ignoring_case(trim(said), "https") ? Scheme::https : facts.own;
}

base::Result<void> check_origin(const http::Fields& fields, Scheme scheme) {
    const std::string_view site = fields.find("sec-fetch-site");
    if (fields.has("sec-fetch-site") && site != "same-origin" && site != "none") return refused();
    if (!fields.has("origin")) return {};
    const std::string_view host = fields.find("host");
    if (fields.count("origin") > 1 || host.empty() || !is_own_origin(fields.find("origin"), host, scheme))
        return refused();
    return {};
}

base::Result<void> check_content_type(const http::Fields& fields) {
    const std::string_view value = fields.find("content-type");
    const std::string_view type = trim(value.substr(0, std::min(value.find(';'), value.size())));
    if (http::equals_ignoring_case(type, "application/json") && fields.count("content-type") == 1) return {};
    return base::reject(base::ErrorCode::unsupported_media_type,
                        "send the field Content-Type: application/json, also without a body");
}

std::optional<std::string_view> find_cookie(const http::Fields& fields, std::string_view name) {
    std::optional<std::string_view> found;
    for (const http::Field& field : fields) {
        if (!http::equals_ignoring_case(field.name, "cookie")) continue;
        std::string_view rest = field.value;
        while (!rest.empty()) {
            const auto end = std::min(rest.find(';'), rest.size());
            const std::string_view pair = trim(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
            const auto sign = pair.find('=');
            if (sign == std::string_view::npos || pair.substr(0, sign) != name) continue;
            const std::string_view value = pair.substr(sign + 1);
            if (found && *found != value) return std::nullopt;
            found = value;
        }
    }
    return found;
}

} // namespace tollgate::dashboard
