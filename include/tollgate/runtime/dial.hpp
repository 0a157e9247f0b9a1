// Beginning a connection: a socket on its way to an address. What follows (waiting, TLS) is the Stream's.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/runtime/file_descriptor.hpp"

#include <sys/socket.h>

#include <string_view>

namespace tollgate::runtime {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

/// The address of a socket file. Error: invalid_configuration (a path that is too long).
base::Result<SocketAddress> unix_address(std::string_view path);

/// A socket whose connect(2) has begun. Errors: overloaded (no socket to be had), connection_closed; both
/// with the system's reason.
base::Result<FileDescriptor> begin_connect(const SocketAddress& address);

} // namespace tollgate::runtime
