// SHA-256, HMAC and random bytes from OpenSSL, and hexadecimal text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace tollgate::base {

/// A SHA-256 value (FIPS 180-4).
struct Digest {
    std::array<std::uint8_t, 32> bytes{};
    friend auto operator<=>(const Digest&, const Digest&) = default;
};

Digest sha256(std::string_view text);

/// HMAC-SHA-256 (RFC 2104).
Digest hmac_sha256(std::string_view key, std::string_view text);

/// Compares in constant time.
bool equals_in_constant_time(const Digest& left, const Digest& right);

/// Fills from the operating system's CSPRNG; ends the process if there is none.
void fill_random(std::span<std::uint8_t> bytes);

/// Lower-case hexadecimal.
std::string to_hex(std::span<const std::uint8_t> bytes);

/// 2 × `byte_count` random lower-case hexadecimal characters.
std::string random_hex(std::size_t byte_count);

} // namespace tollgate::base

template <>
struct std::hash<tollgate::base::Digest> {
    std::size_t operator()(const tollgate::base::Digest& digest) const noexcept {
        std::size_t value = 0; // a digest is uniform: its first bytes are hash enough
        std::memcpy(&value, digest.bytes.data(), sizeof value);
        return value;
    }
};
