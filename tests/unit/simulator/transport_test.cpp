#include "simulator/transport.hpp"

#include "unit/simulator/loopback.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>
#include <memory>

namespace tollgate::simulator {

namespace {

/// A self-signed certificate and its key in files that last as long as this.
class Certificate {
public:
    Certificate() {
        const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
        const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
        X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
        X509_set_pubkey(certificate.get(), key.get());
        X509_NAME* name = X509_get_subject_name(certificate.get());
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
        X509_set_issuer_name(certificate.get(), name);
        X509_sign(certificate.get(), key.get(), EVP_sha256());
        std::FILE* file = std::fopen(certificate_path().c_str(), "w");
        PEM_write_X509(file, certificate.get());
        std::fclose(file);
        file = std::fopen(key_path().c_str(), "w");
        PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(file);
    }
    ~Certificate() {
        std::remove(certificate_path().c_str());
        std::remove(key_path().c_str());
    }
    Certificate(const Certificate&) = delete;
    Certificate& operator=(const Certificate&) = delete;

    std::string certificate_path() const { return base_ + ".pem"; }
    std::string key_path() const { return base_ + ".key"; }

private:
    std::string base_ =
        std::filesystem::temp_directory_path() / ("tollgate-simulator-tls-" + std::to_string(::getpid()));
};

std::unique_ptr<Server> start_tls_server() {
    const Certificate certificate;
    Settings settings;
    settings.tls_certificate = certificate.certificate_path();
    settings.tls_key = certificate.key_path();
    return start_server(settings);
}

/// A blocking TLS client on OpenSSL's own sockets.
class TlsClient {
public:
    explicit TlsClient(const Server& server)
        : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free),
          bio_(BIO_new_ssl_connect(context_.get()), BIO_free_all) {
        BIO_set_conn_hostname(bio_.get(), ("127.0.0.1:" + std::to_string(server.port())).c_str());
        if (BIO_do_connect(bio_.get()) != 1) throw std::runtime_error("no TLS connection");
    }
    void post(std::string_view body) {
        const std::string bytes =
            "POST /v1/chat/completions HTTP/1.1\r\ncontent-length: " + std::to_string(body.size()) +
            "\r\n\r\n" + std::string(body);
        BIO_write(bio_.get(), bytes.data(), static_cast<int>(bytes.size()));
    }
    std::string read_until(std::string_view end) {
        char bytes[1024];
        while (unread_.find(end) == std::string::npos) {
            const int got = BIO_read(bio_.get(), bytes, sizeof bytes);
            if (got <= 0) throw std::runtime_error("the answer broke off");
            unread_.append(bytes, static_cast<std::size_t>(got));
        }
        const std::size_t size = unread_.find(end) + end.size();
        std::string text = unread_.substr(0, size);
        unread_.erase(0, size);
        return text;
    }

private:
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
    std::unique_ptr<BIO, decltype(&BIO_free_all)> bio_;
    std::string unread_;
};

} // namespace

TEST(Transport, ServesTheSameOverTls) {
    const auto server = start_tls_server();
    EXPECT_TRUE(server->url().starts_with("https://127.0.0.1:"));
    TlsClient client(*server);
    client.post(chat("m+ttft=5+tps=500", streamed));
    EXPECT_TRUE(client.read_until("[DONE]").starts_with("HTTP/1.1 200 OK\r\n"));
    client.post(chat("m"));
    EXPECT_TRUE(client.read_until("finish_reason").starts_with("\n\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n"));
}

TEST(Transport, ADepartureIsSeenThroughTls) {
    const auto server = start_tls_server();
    {
        TlsClient client(*server);
        client.post(chat("m+fault=hang:1", streamed));
        client.read_until("\n\n");
    }
    EXPECT_TRUE(last_record(*server).ending.client_left_ms.has_value());
}

TEST(Transport, PlainTextToATlsServerIsDropped) {
    const auto server = start_tls_server();
    Client client(*server);
    client.send("GET /v1/models HTTP/1.1\r\n\r\n");
    EXPECT_EQ(client.read_to_end().first.find("HTTP/1.1"), std::string::npos);
}

} // namespace tollgate::simulator
