#include "tollgate/runtime/tls_client.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace tollgate::runtime {

base::Result<TlsClient> make_tls_client(const std::string& authority_file) {
    TlsClient tls(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    if (!tls || SSL_CTX_set_min_proto_version(tls.get(), TLS1_2_VERSION) != 1) {
        return base::fail(base::ErrorCode::invalid_configuration, base::ErrorSource::internal,
                          "cannot set TLS up");
    }
    SSL_CTX_set_verify(tls.get(), SSL_VERIFY_PEER, nullptr);
    const int loaded = authority_file.empty()
                           ? SSL_CTX_set_default_verify_paths(tls.get())
                           : SSL_CTX_load_verify_locations(tls.get(), authority_file.c_str(), nullptr);
    if (loaded != 1) {
        return base::fail(base::ErrorCode::invalid_configuration, base::ErrorSource::internal,
                          "cannot read the certificate authority '" + authority_file + "'");
    }
    return tls;
}

} // namespace tollgate::runtime
