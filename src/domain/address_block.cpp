#include "domain/address_block.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <span>
#include <string>

namespace tollgate::domain {

namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr unsigned mapped_bits = 96;
constexpr unsigned all_bits = 128;

std::uint8_t mask_of_byte(unsigned prefix_bits, std::size_t index) {
    const unsigned before = static_cast<unsigned>(index) * 8;
    if (prefix_bits >= before + 8) return 0xFF;
    if (prefix_bits <= before) return 0;
    return static_cast<std::uint8_t>(0xFFU << (8 - (prefix_bits - before)));
}

Address masked(const Address& address, unsigned prefix_bits) {
    Address result = address;
    for (std::size_t i = 0; i < result.bytes.size(); ++i) {
        result.bytes[i] = static_cast<std::uint8_t>(result.bytes[i] & mask_of_byte(prefix_bits, i));
    }
    return result;
}

/// A decimal number of at most three digits without a leading zero.
std::optional<unsigned> parse_prefix(std::string_view text) {
    unsigned value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool read = fault == std::errc{} && end == text.data() + text.size() && text.size() <= 3;
    if (!read || (text[0] == '0' && text.size() > 1)) return std::nullopt;
    return value;
}

} // namespace

bool Address::is_v4() const {
    return std::ranges::equal(mapped_prefix, std::span(bytes).first(mapped_prefix.size()));
}

std::optional<Address> parse_address(std::string_view text) {
    const std::string terminated(text.substr(0, text.find('%')));
    if (terminated.find('\0') != std::string::npos) return std::nullopt;
    Address address;
    if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
    std::ranges::copy(mapped_prefix, address.bytes.begin());
    if (inet_pton(AF_INET, terminated.c_str(), address.bytes.data() + mapped_prefix.size()) == 1) {
        return address;
    }
    return std::nullopt;
}

std::optional<AddressBlock> parse_block(std::string_view text) {
    const auto slash = text.find('/');
    const std::string_view address_text = text.substr(0, slash);
    const auto first = parse_address(address_text);
    if (!first || address_text.contains('%')) return std::nullopt;
    if (slash == std::string_view::npos) return AddressBlock{.first = *first, .prefix_bits = all_bits};

    const auto written = parse_prefix(text.substr(slash + 1));
    const unsigned offset = address_text.contains(':') ? 0 : mapped_bits;
    if (!written || *written > all_bits - offset) return std::nullopt;
    const AddressBlock block{.first = *first, .prefix_bits = offset + *written};
    if (masked(block.first, block.prefix_bits) != block.first) return std::nullopt;
    return block;
}

bool contains(const AddressBlock& block, const Address& address) {
    // Bits behind the prefix are zero, so a block shorter than 96 bits never looks like an IPv4 one.
    return block.first.is_v4() == address.is_v4() && masked(address, block.prefix_bits) == block.first;
}

} // namespace tollgate::domain
