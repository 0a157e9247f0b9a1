#include "tollgate/runtime/dial.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace tollgate::runtime {

base::Result<SocketAddress> unix_address(std::string_view path) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof name.sun_path)
        return base::fail(base::ErrorCode::invalid_configuration, base::ErrorSource::internal,
                          "'" + std::string(path) + "' cannot be the path of a socket");
    std::memcpy(name.sun_path, path.data(), path.size());
    SocketAddress address;
    std::memcpy(&address.storage, &name, sizeof name);
    address.size = sizeof name;
    return address;
}

base::Result<FileDescriptor> begin_connect(const SocketAddress& address) {
    const auto* target = reinterpret_cast<const sockaddr*>(&address.storage);
    FileDescriptor socket(::socket(target->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.is_open())
        return base::fail(base::ErrorCode::overloaded, base::ErrorSource::upstream,
                          std::string("cannot open a socket: ") + std::strerror(errno));
    if (target->sa_family != AF_UNIX) {
        const int on = 1;
        ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    if (::connect(socket.get(), target, address.size) != 0 && errno != EINPROGRESS)
        return base::fail(base::ErrorCode::connection_closed, base::ErrorSource::upstream,
                          std::strerror(errno));
    return socket;
}

} // namespace tollgate::runtime
