// One connection's bytes, plain or TLS. Owned by the connection's coroutine; its loop's thread only.
#pragma once

#include "simulator/task.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <string_view>

namespace tollgate::simulator {

/// Bytes moved, and what stopped them.
struct Moved {
    std::size_t bytes = 0;
    boost::system::error_code error{};
};

class Transport {
public:
    /// `tls` is null for plain text and outlives the transport.
    Transport(Socket socket, asio::ssl::context* tls);
    Transport(Transport&&) = default;

    /// The TLS handshake; nothing for plain text.
    Task<boost::system::error_code> handshake();

    /// At most one read and one write at a time. End of file is an error.
    Task<Moved> read_some(asio::mutable_buffer buffer);
    /// Writes all of it.
    Task<Moved> write(std::string_view bytes);

    /// The peer has closed its side, or reset: asked of the kernel, takes nothing from the stream.
    bool peer_is_gone();

    /// close: FIN. reset: RST, dropping what is unsent.
    void close();
    void reset();
    /// FIN on our side only.
    void end_writing();

    /// Of the connection: for waiting until something happens to it.
    Socket& socket() { return tls_ ? tls_->next_layer() : *plain_; }
    bool is_tls() const { return tls_ != nullptr; }

private:
    std::unique_ptr<Socket>
        plain_; // on the heap, so that moving the transport moves no socket under an operation
    std::unique_ptr<asio::ssl::stream<Socket>> tls_;
};

} // namespace tollgate::simulator
