#include "tollgate/base/password.hpp"

#include "tollgate/base/digest.hpp"

#include <argon2.h>

#include <array>

namespace tollgate::base {

namespace {

constexpr std::uint32_t passes = 2;
constexpr std::uint32_t memory_kib = 19 * 1024;
constexpr std::uint32_t lanes = 1;
constexpr std::size_t hash_length = 32;

using Salt = std::array<std::uint8_t, 16>;

Result<std::string> hash_with(const Secret& password, const Salt& salt) {
    std::array<char, 128> encoded{};
    const std::string_view text = password.expose();
    const int code = argon2id_hash_encoded(passes, memory_kib, lanes, text.data(), text.size(), salt.data(),
                                           salt.size(), hash_length, encoded.data(), encoded.size());
    if (code != ARGON2_OK) {
        return fail(ErrorCode::internal, ErrorSource::internal,
                    std::string("the password could not be hashed: ") + argon2_error_message(code));
    }
    return std::string(encoded.data());
}

} // namespace

Result<void> check_password_length(const Secret& password) {
    const std::size_t length = password.expose().size();
    if (length >= min_password_length && length <= max_password_length) return {};
    return reject(ErrorCode::invalid_field,
                  "a password must have from " + std::to_string(min_password_length) + " to " +
                      std::to_string(max_password_length) + " bytes",
                  "password");
}

Result<std::string> hash_password(const Secret& password) {
    if (auto length = check_password_length(password); !length) return fail(std::move(length.error()));
    Salt salt{};
    fill_random(salt);
    return hash_with(password, salt);
}

bool verify_password(const Secret& password, std::string_view hash) {
    const std::string_view text = password.expose();
    if (text.size() > max_password_length) return false;
    const int code = argon2id_verify(std::string(hash).c_str(), text.data(), text.size());
    if (code == ARGON2_OK) return true;
    if (code != ARGON2_VERIFY_MISMATCH) {
        // No usable hash: the same work as for a wrong password, so that time does not tell who has an
        // account.
        static_cast<void>(hash_with(password, Salt{}));
    }
    return false;
}

} // namespace tollgate::base
