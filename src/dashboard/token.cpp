#include "dashboard/token.hpp"

#include "dashboard/base64.hpp"
#include "dashboard/json_value.hpp"
#include "tollgate/base/digest.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace tollgate::dashboard {

namespace {

// {"alg":"HS256","typ":"JWT"}: compared as text, so that no other algorithm can be asked for.
constexpr std::string_view header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
constexpr std::string_view issuer = "tollgate";
constexpr std::string_view audience = "dashboard";
constexpr std::size_t longest = 1024;

std::string seconds_of(base::WallTime time) {
    return std::to_string(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
}

std::optional<base::WallTime> time_of(const JsonValue* value) {
    if (value == nullptr || value->kind != JsonKind::number) return std::nullopt;
    std::uint32_t seconds = 0; // until 2106
    const std::string& text = value->text;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return base::WallTime(std::chrono::seconds(seconds));
}

bool is_text(const JsonValue* value, std::string_view text) {
    return value != nullptr && value->kind == JsonKind::text && value->text == text;
}

std::string text_of(const JsonValue* value) {
    return value != nullptr && value->kind == JsonKind::text ? value->text : std::string();
}

bool has_signed(std::string_view text, std::string_view signature, std::span<const base::Secret> secrets) {
    const auto bytes = from_base64url(signature);
    base::Digest given;
    if (!bytes || bytes->size() != given.bytes.size()) return false;
    std::memcpy(given.bytes.data(), bytes->data(), bytes->size());
    return std::ranges::any_of(secrets, [&](const base::Secret& secret) {
        return equals_in_constant_time(base::hmac_sha256(secret.expose(), text), given);
    });
}

std::string signature_of(std::string_view text, const base::Secret& secret) {
    return to_base64url(std::span<const std::uint8_t>(base::hmac_sha256(secret.expose(), text).bytes));
}

std::optional<TokenClaims> read_claims(std::string_view payload) {
    const auto text = from_base64url(payload);
    if (!text) return std::nullopt;
    const auto object = parse_body(*text);
    if (!object) return std::nullopt;
    if (!is_text(object->find("iss"), issuer) || !is_text(object->find("aud"), audience)) return std::nullopt;
    const auto issued = time_of(object->find("iat"));
    const auto expires = time_of(object->find("exp"));
    TokenClaims claims{.session_id = ports::SessionId(text_of(object->find("sid"))),
                       .account_id = base::AccountId(text_of(object->find("sub")))};
    if (!issued || !expires || claims.session_id.empty() || claims.account_id.empty()) return std::nullopt;
    claims.issued_at = *issued;
    claims.expires_at = *expires;
    return claims;
}

} // namespace

std::string sign_token(const TokenClaims& claims, const base::Secret& secret) {
    const std::string payload = R"({"iss":"tollgate","aud":"dashboard","sub":")" + claims.account_id.text() +
                                R"(","sid":")" + claims.session_id.text() + R"(","iat":)" +
                                seconds_of(claims.issued_at) + R"(,"exp":)" + seconds_of(claims.expires_at) +
                                "}";
    const std::string text = std::string(header) + "." + to_base64url(payload);
    return text + "." + signature_of(text, secret);
}

std::optional<TokenClaims> verify_token(std::string_view token, std::span<const base::Secret> secrets,
                                        base::WallTime now) {
    const auto end = token.rfind('.');
    if (token.size() > longest || end == std::string_view::npos) return std::nullopt;
    const std::string_view text = token.substr(0, end);
    if (!text.starts_with(header) || text.size() <= header.size() || text[header.size()] != '.')
        return std::nullopt;
    if (!has_signed(text, token.substr(end + 1), secrets)) return std::nullopt;
    auto claims = read_claims(text.substr(header.size() + 1));
    // A minute of grace where nodes' clocks differ.
    if (!claims || claims->expires_at <= now || claims->issued_at > now + std::chrono::minutes(1))
        return std::nullopt;
    return claims;
}

std::string sign_device(const base::AccountId& account_id, const base::Secret& secret) {
    const std::string mark = base::random_hex(16);
    return mark + "." + signature_of("device:" + account_id.text() + ":" + mark, secret);
}

bool verify_device(std::string_view mark, const base::AccountId& account_id,
                   std::span<const base::Secret> secrets) {
    const auto point = mark.find('.');
    if (mark.size() > longest || point == std::string_view::npos) return false;
    const std::string text = "device:" + account_id.text() + ":" + std::string(mark.substr(0, point));
    return has_signed(text, mark.substr(point + 1), secrets);
}

} // namespace tollgate::dashboard
