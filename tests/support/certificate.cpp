#include "support/certificate.hpp"

#include <cstdio>
#include <memory>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace tollgate::testing {

namespace {

using PrivateKey = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
using Signed = std::unique_ptr<X509, void (*)(X509*)>;
using File = std::unique_ptr<FILE, int (*)(FILE*)>;

void add_extension(X509& certificate, int kind, const std::string& value) {
    const std::unique_ptr<X509_EXTENSION, void (*)(X509_EXTENSION*)> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()), X509_EXTENSION_free);
    X509_add_ext(&certificate, extension.get(), -1);
}

Signed sign(EVP_PKEY& key, const std::string& alternative_name) {
    Signed certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), &key);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1,
                               -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    add_extension(*certificate, NID_subject_alt_name, alternative_name);
    add_extension(*certificate, NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(certificate.get(), &key, EVP_sha256());
    return certificate;
}

} // namespace

Certificate make_certificate(const std::filesystem::path& folder, const std::string& alternative_name) {
    const PrivateKey key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const Signed certificate = sign(*key, alternative_name);
    const Certificate files{(folder / "chain.pem").string(), (folder / "key.pem").string()};
    const File chain_file(std::fopen(files.chain_file.c_str(), "w"), std::fclose);
    PEM_write_X509(chain_file.get(), certificate.get());
    const File key_file(std::fopen(files.key_file.c_str(), "w"), std::fclose);
    PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return files;
}

} // namespace tollgate::testing
