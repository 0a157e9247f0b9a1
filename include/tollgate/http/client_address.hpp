// Whose address counts: the socket's other end, or what a trusted proxy says of it. Pure.
#pragma once

#include "tollgate/http/head.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tollgate::http {

/// The last address in X-Forwarded-For that is not a trusted proxy, if the peer is one; else the peer.
std::string find_client_address(std::string_view peer, const Fields& fields,
                                const std::vector<std::string>& trusted_proxies);

} // namespace tollgate::http
