#include "storage/redis/dial.hpp"

#include "tollgate/runtime/clock.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace tollgate::storage::redis {

using base::ErrorCode;
using base::Result;
using runtime::Task;

namespace {

constexpr std::chrono::milliseconds no_deadline{0};

std::unexpected<base::Error> cannot(const RedisServer& server, const std::string& reason) {
    return base::fail(
        base::Error{.code = ErrorCode::storage_unavailable,
                    .source = base::ErrorSource::storage,
                    .retry = base::Retry::maybe,
                    .message = "cannot connect to Redis at " + to_string(server) + ": " + reason});
}

/// An address that is written as a number needs nobody to look it up.
std::optional<runtime::SocketAddress> numeric_address(const RedisServer& server) {
    runtime::SocketAddress address;
    sockaddr_in four{};
    sockaddr_in6 six{};
    if (::inet_pton(AF_INET, server.host.c_str(), &four.sin_addr) == 1) {
        four.sin_family = AF_INET;
        four.sin_port = htons(server.port);
        std::memcpy(&address.storage, &four, sizeof four);
        address.size = sizeof four;
        return address;
    }
    if (::inet_pton(AF_INET6, server.host.c_str(), &six.sin6_addr) == 1) {
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(server.port);
        std::memcpy(&address.storage, &six, sizeof six);
        address.size = sizeof six;
        return address;
    }
    return std::nullopt;
}

Task<Result<std::vector<runtime::SocketAddress>>> find_addresses(NodeServices services, RedisServer server) {
    std::vector<runtime::SocketAddress> found;
    if (!server.unix_path.empty()) {
        const auto address = runtime::unix_address(server.unix_path);
        if (!address) co_return std::unexpected(address.error());
        found.push_back(*address);
        co_return found;
    }
    if (const auto address = numeric_address(server)) {
        found.push_back(*address);
        co_return found;
    }
    co_return co_await services.resolver.resolve(server.host, server.port, services.settings.connect_time);
}

Task<Result<std::unique_ptr<runtime::Stream>>> connect(NodeServices services, RedisServer server,
                                                       runtime::SocketAddress address) {
    auto socket = runtime::begin_connect(address);
    if (!socket) co_return cannot(server, socket.error().message);
    auto stream = std::make_unique<runtime::Stream>(services.worker.services(), std::move(*socket));
    stream->expires_after(services.settings.connect_time, ErrorCode::connect_timeout);
    auto ready = co_await stream->finish_connect();
    if (ready && services.settings.tls) {
        ssl_ctx_st& tls = *services.settings.tls;
        ready = co_await stream->start_tls(tls, server.host);
    }
    if (!ready) co_return cannot(server, ready.error().message);
    stream->expires_after(no_deadline, ErrorCode::connect_timeout);
    co_return stream;
}

} // namespace

Task<Result<std::unique_ptr<runtime::Stream>>> dial(NodeServices services, RedisServer server) {
    const auto addresses = co_await find_addresses(services, server);
    if (!addresses) co_return cannot(server, addresses.error().message);
    Result<std::unique_ptr<runtime::Stream>> stream = cannot(server, "it has no address");
    for (const runtime::SocketAddress& address : *addresses) {
        stream = co_await connect(services, server, address);
        if (stream) break;
    }
    co_return stream;
}

} // namespace tollgate::storage::redis
