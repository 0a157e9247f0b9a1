// TLS over a non-blocking socket through OpenSSL: each call does what it can and says what it waits for.
#pragma once

#include "tollgate/base/error.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace tollgate::runtime {

class TlsSession {
public:
    enum class Progress { done, want_read, want_write };
    struct Transfer {
        Progress progress = Progress::done;
        std::size_t bytes = 0;
    };

    /// A client when `host` is not empty, else a server.
    TlsSession(ssl_ctx_st& tls, int socket, const std::string& host);
    ~TlsSession();
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;

    base::Result<Progress> handshake();
    base::Result<Transfer> read(std::span<char> buffer);
    base::Result<Transfer> write(std::string_view bytes);
    /// Would a read take bytes without the socket, or does the session say the peer is there? Error: it has
    /// left.
    base::Result<Transfer> peek();
    bool has_buffered() const;
    void shut_down();

private:
    base::Result<Progress> judge(int result);
    std::unique_ptr<ssl_st, void (*)(ssl_st*)> session_;
    bool broken_ = false;
};

} // namespace tollgate::runtime
