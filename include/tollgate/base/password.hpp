// Passwords as Argon2id in PHC form ($argon2id$v=19$m=19456,t=2,p=1$salt$hash; RFC 9106, parameters of
// OWASP). Each call takes 19 MiB and tens of milliseconds: never on a worker.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/base/secret.hpp"

#include <string>
#include <string_view>

namespace tollgate::base {

inline constexpr std::size_t min_password_length = 10;
inline constexpr std::size_t max_password_length = 1024;

/// Is its length, in bytes, within the bounds above? Error: invalid_field, `password`.
Result<void> check_password_length(const Secret& password);

/// With a fresh random salt. Errors: those of check_password_length; internal when memory is short.
Result<std::string> hash_password(const Secret& password);

/// Is this the password of `hash`? An empty or unreadable hash is nobody's, and takes as long to refuse.
bool verify_password(const Secret& password, std::string_view hash);

} // namespace tollgate::base
