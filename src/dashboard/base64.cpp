#include "dashboard/base64.hpp"

#include <array>

namespace tollgate::dashboard {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// -1: not of the alphabet.
int value_of(char c) {
    const auto place = alphabet.find(c);
    return place == std::string_view::npos ? -1 : static_cast<int>(place);
}

} // namespace

std::string to_base64url(std::span<const std::uint8_t> bytes) {
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t bits = 0;
    int held = 0;
    for (const std::uint8_t byte : bytes) {
        bits = (bits << 8U) | byte;
        held += 8;
        while (held >= 6) {
            held -= 6;
            text.push_back(alphabet[(bits >> static_cast<unsigned>(held)) & 63U]);
        }
    }
    if (held > 0) text.push_back(alphabet[(bits << static_cast<unsigned>(6 - held)) & 63U]);
    return text;
}

std::string to_base64url(std::string_view bytes) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(bytes.data());
    return to_base64url(std::span(first, bytes.size()));
}

std::optional<std::string> from_base64url(std::string_view text) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : text) {
        const int value = value_of(c);
        if (value < 0) return std::nullopt;
        bits = ((bits << 6U) | static_cast<std::uint32_t>(value)) & 0xFFFFU;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        bytes.push_back(static_cast<char>((bits >> static_cast<unsigned>(held)) & 0xFFU));
    }
    const std::uint32_t rest = bits & ((1U << static_cast<unsigned>(held)) - 1U);
    if (rest != 0) return std::nullopt;
    return bytes;
}

} // namespace tollgate::dashboard
