#include "app/server_tls.hpp"

#include <openssl/ssl.h>

namespace tollgate::app {

base::Result<std::shared_ptr<ssl_ctx_st>> make_server_tls(const config::Server::Tls& settings) {
    const auto refuse = [](const std::string& what) {
        return base::fail(base::ErrorCode::invalid_configuration, base::ErrorSource::internal,
                          "server.tls: cannot use " + what);
    };
    std::shared_ptr<ssl_ctx_st> tls(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    if (!tls || SSL_CTX_set_min_proto_version(tls.get(), TLS1_2_VERSION) != 1) return refuse("TLS");
    if (SSL_CTX_use_certificate_chain_file(tls.get(), settings.certificate.c_str()) != 1)
        return refuse("the certificate " + settings.certificate);
    if (SSL_CTX_use_PrivateKey_file(tls.get(), settings.private_key.c_str(), SSL_FILETYPE_PEM) != 1)
        return refuse("the private key " + settings.private_key);
    if (SSL_CTX_check_private_key(tls.get()) != 1)
        return refuse("this certificate with this private key: they do not belong together");
    return tls;
}

} // namespace tollgate::app
