#include "tollgate/server/listener.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace tollgate::server {

namespace {

using runtime::FileDescriptor;

constexpr int backlog = 4096;

std::unexpected<base::Error> cannot(const std::string& action, const std::string& where) {
    return base::fail(base::ErrorCode::invalid_configuration, base::ErrorSource::internal,
                      "cannot " + action + " " + where + ": " + std::strerror(errno));
}

/// Does a living process listen there? A dead one leaves its socket file behind.
bool is_served(const sockaddr_un& address) {
    const FileDescriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int connected = ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    return connected == 0 || errno == EAGAIN; // EAGAIN: its queue is full
}

base::Result<FileDescriptor> open_unix(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return cannot("listen on", "unix:" + path);
    }
    path.copy(address.sun_path, path.size());
    struct stat found{};
    if (::stat(path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode)) {
        if (is_served(address)) {
            errno = EADDRINUSE;
            return cannot("listen on", "unix:" + path);
        }
        ::unlink(path.c_str());
    }
    FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.is_open() ||
        ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(socket.get(), backlog) != 0) {
        return cannot("listen on", "unix:" + path);
    }
    return socket;
}

base::Result<FileDescriptor> open_tcp(const addrinfo& found, const std::string& where) {
    FileDescriptor socket(::socket(found.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.is_open()) return cannot("open a socket for", where);
    const int on = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    // What is accepted inherits it.
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::bind(socket.get(), found.ai_addr, found.ai_addrlen) != 0 || ::listen(socket.get(), backlog) != 0)
        return cannot("listen on", where);
    return socket;
}

} // namespace

base::Result<FileDescriptor> open_socket(const Address& address) {
    if (!address.unix_path.empty()) return open_unix(address.unix_path);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const std::string where = address.host + ":" + std::to_string(address.port);
    const int fault = ::getaddrinfo(address.host.empty() ? nullptr : address.host.c_str(),
                                    std::to_string(address.port).c_str(), &hints, &found);
    if (fault != 0) {
        return base::fail(base::ErrorCode::invalid_configuration, base::ErrorSource::internal,
                          "cannot listen on " + where + ": " + ::gai_strerror(fault));
    }
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
    return open_tcp(*found, where);
}

std::uint16_t bound_port(const FileDescriptor& socket) {
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
    if (bound.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
    if (bound.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&bound)->sin6_port);
    return 0;
}

} // namespace tollgate::server
