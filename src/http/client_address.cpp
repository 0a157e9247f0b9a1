#include "tollgate/http/client_address.hpp"

#include "tollgate/domain/key.hpp"

namespace tollgate::http {

namespace {

std::string_view trim(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// All X-Forwarded-For fields as one list: a proxy may add a field of its own behind what the client made up
/// (RFC 9110 §5.3).
std::string forwarded_for(const Fields& fields) {
    std::string list;
    for (const Field& field : fields) {
        if (field.known != FieldName::x_forwarded_for) continue;
        if (!list.empty()) list.append(",");
        list.append(field.value);
    }
    return list;
}

} // namespace

std::string find_client_address(std::string_view peer, const Fields& fields,
                                const std::vector<std::string>& trusted_proxies) {
    if (trusted_proxies.empty()) return std::string(peer);
    domain::Policy trusted;
    trusted.ip_allow = trusted_proxies;
    std::string_view address = peer;
    const std::string forwarded = forwarded_for(fields);
    std::string_view list = forwarded;
    while (domain::is_address_allowed(trusted, address) && !list.empty()) {
        const auto comma = list.rfind(',');
        const std::string_view last = trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(0, comma);
        if (last.empty()) break;
        address = last;
    }
    return std::string(address);
}

} // namespace tollgate::http
