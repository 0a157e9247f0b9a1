// The token in the cookie `token`: a compact JSON Web Token with one fixed header, HS256 (RFC 7515, RFC
// 8725). It says which session is meant; whether that still lasts, the Sessions port knows. Pure.
#pragma once

#include "tollgate/base/secret.hpp"
#include "tollgate/base/time.hpp"
#include "tollgate/ports/sessions.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tollgate::dashboard {

struct TokenClaims {
    ports::SessionId session_id{};
    base::AccountId account_id{};
    base::WallTime issued_at{};  // whole seconds
    base::WallTime expires_at{}; // whole seconds
    friend bool operator==(const TokenClaims&, const TokenClaims&) = default;
};

std::string sign_token(const TokenClaims& claims, const base::Secret& secret);

/// The claims, if one of the secrets signed them and they have not expired. Whatever is wrong, the answer is
/// nothing: it is nobody's business what.
std::optional<TokenClaims> verify_token(std::string_view token, std::span<const base::Secret> secrets,
                                        base::WallTime now);

/// Marks a browser from which somebody signed in to this account: "random.mac". It opens nothing, but its
/// owner is not shut out when others guess at the account's password.
std::string sign_device(const base::AccountId& account_id, const base::Secret& secret);
bool verify_device(std::string_view mark, const base::AccountId& account_id,
                   std::span<const base::Secret> secrets);

} // namespace tollgate::dashboard
