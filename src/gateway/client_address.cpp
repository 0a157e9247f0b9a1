#include "gateway/client_address.hpp"

#include "tollgate/domain/key.hpp"

namespace tollgate::gateway {

namespace {

std::string_view trim(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

} // namespace

std::string find_client_address(std::string_view peer, const http::Fields& fields,
                                const std::vector<std::string>& trusted_proxies) {
    if (trusted_proxies.empty()) return std::string(peer);
    domain::Policy trusted;
    trusted.ip_allow = trusted_proxies;
    std::string_view address = peer;
    std::string_view list = fields.find("x-forwarded-for");
    while (domain::is_address_allowed(trusted, address) && !list.empty()) {
        const auto comma = list.rfind(',');
        const std::string_view last = trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(0, comma);
        if (last.empty()) break;
        address = last;
    }
    return std::string(address);
}

} // namespace tollgate::gateway
