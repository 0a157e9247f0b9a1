// IP addresses and CIDR blocks (RFC 4632, RFC 4291), for allow-lists. Pure values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tollgate::domain {

/// Any address in 16 bytes; an IPv4 one stands as ::ffff:a.b.c.d, however it was written.
struct Address {
    std::array<std::uint8_t, 16> bytes{};
    bool is_v4() const;
    friend bool operator==(const Address&, const Address&) = default;
};

/// Reads IPv4 or IPv6 text; a zone ("fe80::1%eth0") is left out of account.
std::optional<Address> parse_address(std::string_view text);

struct AddressBlock {
    Address first{};
    unsigned prefix_bits = 0; // of the 128
    friend bool operator==(const AddressBlock&, const AddressBlock&) = default;
};

/// Reads "10.0.0.0/8", "2001:db8::/32" or a single address. Bits set behind the prefix are refused: they are
/// a slip of the pen more often than not.
std::optional<AddressBlock> parse_block(std::string_view text);

/// IPv4 addresses are in IPv4 blocks only: "::/0" means every IPv6 address.
bool contains(const AddressBlock& block, const Address& address);

} // namespace tollgate::domain
