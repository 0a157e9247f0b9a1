#include "runtime/tls_session.hpp"

#include "tollgate/base/check.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>

namespace tollgate::runtime {

namespace {

std::string last_tls_reason(const ssl_st* session) {
    const long verified = SSL_get_verify_result(session);
    if (verified != X509_V_OK) return std::string("certificate: ") + X509_verify_cert_error_string(verified);
    std::array<char, 200> text{};
    const unsigned long code = ERR_peek_last_error();
    if (code == 0) return "the connection was closed";
    ERR_error_string_n(code, text.data(), text.size());
    return text.data();
}

std::unexpected<base::Error> closed(std::string reason) {
    return base::fail(base::Error{.code = base::ErrorCode::connection_closed,
                                  .source = base::ErrorSource::upstream,
                                  .retry = base::Retry::maybe,
                                  .message = std::move(reason)});
}

void expect_host(ssl_st* session, const std::string& host) {
    SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    X509_VERIFY_PARAM* parameters = SSL_get0_param(session);
    if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1)
        return; // an address has no SNI (RFC 6066 §3)
    TG_CHECK(SSL_set1_host(session, host.c_str()) == 1);
    TG_CHECK(SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                      const_cast<char*>(host.c_str())) == 1);
}

} // namespace

TlsSession::TlsSession(ssl_ctx_st& tls, int socket, const std::string& host)
    : session_(SSL_new(&tls), SSL_free) {
    TG_CHECK(session_ && SSL_set_fd(session_.get(), socket) == 1);
    SSL_set_mode(session_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                     SSL_MODE_RELEASE_BUFFERS);
    if (host.empty()) {
        SSL_set_accept_state(session_.get());
    } else {
        expect_host(session_.get(), host);
        SSL_set_connect_state(session_.get());
    }
}

TlsSession::~TlsSession() = default;

base::Result<TlsSession::Progress> TlsSession::judge(int result) {
    switch (SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_NONE: return Progress::done;
    case SSL_ERROR_WANT_READ: return Progress::want_read;
    case SSL_ERROR_WANT_WRITE: return Progress::want_write;
    case SSL_ERROR_ZERO_RETURN: return closed("the peer closed the connection");
    default: broken_ = true; return closed("TLS: " + last_tls_reason(session_.get()));
    }
}

base::Result<TlsSession::Progress> TlsSession::handshake() {
    ERR_clear_error();
    return judge(SSL_do_handshake(session_.get()));
}

base::Result<TlsSession::Transfer> TlsSession::read(std::span<char> buffer) {
    ERR_clear_error();
    std::size_t bytes = 0;
    const auto progress = judge(SSL_read_ex(session_.get(), buffer.data(), buffer.size(), &bytes));
    if (!progress) return std::unexpected(progress.error());
    return Transfer{*progress, bytes};
}

base::Result<TlsSession::Transfer> TlsSession::write(std::string_view bytes) {
    ERR_clear_error();
    std::size_t written = 0;
    const auto progress = judge(SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &written));
    if (!progress) return std::unexpected(progress.error());
    return Transfer{*progress, written};
}

base::Result<TlsSession::Transfer> TlsSession::peek() {
    ERR_clear_error();
    char byte = 0;
    std::size_t bytes = 0;
    const auto progress = judge(SSL_peek_ex(session_.get(), &byte, 1, &bytes));
    if (!progress) return std::unexpected(progress.error());
    return Transfer{*progress, bytes};
}

bool TlsSession::has_buffered() const {
    return SSL_has_pending(session_.get()) == 1;
}

void TlsSession::shut_down() {
    if (!broken_) SSL_shutdown(session_.get()); // one try: the peer's answer is not waited for
}

} // namespace tollgate::runtime
