#include "storage/redis/slot.hpp"

namespace tollgate::storage::redis {

namespace {

/// CRC-16/XMODEM: polynomial 0x1021, beginning with 0.
std::uint16_t crc16(std::string_view bytes) {
    constexpr std::uint32_t polynomial = 0x1021;
    std::uint32_t crc = 0;
    for (const char byte : bytes) {
        crc ^= std::uint32_t{static_cast<unsigned char>(byte)} << 8U;
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc & 0x8000U) != 0 ? (crc << 1U) ^ polynomial : crc << 1U;
            crc &= 0xFFFFU;
        }
    }
    return static_cast<std::uint16_t>(crc);
}

std::string_view hashed_part(std::string_view key) {
    const auto open = key.find('{');
    if (open == std::string_view::npos) return key;
    const auto close = key.find('}', open + 1);
    if (close == std::string_view::npos || close == open + 1) return key;
    return key.substr(open + 1, close - open - 1);
}

} // namespace

std::uint16_t slot_of(std::string_view key) {
    return crc16(hashed_part(key)) % slot_count;
}

} // namespace tollgate::storage::redis
