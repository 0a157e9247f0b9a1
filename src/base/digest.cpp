#include "tollgate/base/digest.hpp"

#include "tollgate/base/check.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <memory>
#include <vector>

namespace tollgate::base {

namespace {

struct Hasher {
    // Found once: looking the algorithm up costs more than hashing a key.
    const std::unique_ptr<EVP_MD, void (*)(EVP_MD*)> algorithm{EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                               EVP_MD_free};
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> state{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

} // namespace

Digest sha256(std::string_view text) {
    thread_local const Hasher hasher;
    Digest digest;
    const bool hashed = EVP_DigestInit_ex2(hasher.state.get(), hasher.algorithm.get(), nullptr) == 1 &&
                        EVP_DigestUpdate(hasher.state.get(), text.data(), text.size()) == 1 &&
                        EVP_DigestFinal_ex(hasher.state.get(), digest.bytes.data(), nullptr) == 1;
    TG_CHECK(hashed);
    return digest;
}

Digest hmac_sha256(std::string_view key, std::string_view text) {
    Digest digest;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    unsigned int length = 0;
    const auto* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, text.size(),
                            digest.bytes.data(), &length);
    TG_CHECK(made != nullptr && length == digest.bytes.size());
    return digest;
}

bool equals_in_constant_time(const Digest& left, const Digest& right) {
    return CRYPTO_memcmp(left.bytes.data(), right.bytes.data(), left.bytes.size()) == 0;
}

void fill_random(std::span<std::uint8_t> bytes) {
    TG_CHECK(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(bytes.size() * 2, '0');
    auto out = text.begin();
    for (const std::uint8_t byte : bytes) {
        *out++ = digits[byte >> 4U];
        *out++ = digits[byte & 0x0FU];
    }
    return text;
}

std::string random_hex(std::size_t byte_count) {
    std::vector<std::uint8_t> bytes(byte_count);
    fill_random(bytes);
    return to_hex(bytes);
}

} // namespace tollgate::base
