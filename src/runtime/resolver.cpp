#include "tollgate/runtime/resolver.hpp"

#include "tollgate/runtime/clock.hpp"
#include "tollgate/runtime/spawn.hpp"

#include <netdb.h>

#include <cstring>

namespace tollgate::runtime {

namespace {

using base::Result;

constexpr std::chrono::seconds good_time{60};
constexpr std::chrono::seconds bad_time{1};

Result<std::vector<SocketAddress>> ask_system(const std::string& host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG;
    if (host == "localhost" || host.find_first_not_of("0123456789.:abcdefABCDEF") == std::string::npos)
        hints.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int fault = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (fault != 0) {
        return base::fail(base::ErrorCode::connection_closed, base::ErrorSource::upstream,
                          "cannot resolve " + host + ": " + ::gai_strerror(fault));
    }
    std::vector<SocketAddress> addresses;
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
        SocketAddress& address = addresses.emplace_back();
        std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
        address.size = each->ai_addrlen;
    }
    ::freeaddrinfo(found);
    return addresses;
}

} // namespace

Task<> Resolver::look_up(Resolver& resolver, std::string name, std::string host, std::uint16_t port) {
    auto ask = [host, port] { return ask_system(host, port); };
    auto addresses = co_await resolver.pool_.run(resolver.worker_.loop(), std::move(ask));
    Entry& entry = *resolver.entries_.at(name);
    entry.good_until = steady_now() + (addresses ? good_time : bad_time);
    entry.addresses = std::move(addresses);
    entry.in_flight = false;
    entry.answered.raise();
}

Task<Result<std::vector<SocketAddress>>> Resolver::resolve(std::string host, std::uint16_t port,
                                                           std::chrono::milliseconds limit) {
    const std::string name = host + ":" + std::to_string(port);
    std::unique_ptr<Entry>& slot = entries_[name];
    if (!slot) slot = std::make_unique<Entry>();
    Entry& entry = *slot;
    if (steady_now() < entry.good_until) co_return entry.addresses;
    if (!entry.in_flight) {
        entry.in_flight = true;
        spawn(worker_.loop(), look_up(*this, name, host, port), "resolver");
    }
    const auto answered =
        co_await entry.answered.wait(worker_.deadlines(), limit, base::ErrorCode::connect_timeout);
    if (!answered) co_return std::unexpected(answered.error());
    co_return entry.addresses;
}

} // namespace tollgate::runtime
