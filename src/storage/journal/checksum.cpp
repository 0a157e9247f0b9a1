#include "storage/journal/checksum.hpp"

#include <array>
#include <cstddef>
#include <cstring>

#ifdef __x86_64__
#include <nmmintrin.h>
#endif

namespace tollgate::storage::journal {

namespace {

using Table = std::array<std::uint32_t, 256>;

/// tables[k][b]: what byte b does to the remainder when k more bytes follow, so that eight bytes are taken at
/// once.
constexpr std::array<Table, 8> make_tables() {
    constexpr std::uint32_t reflected_polynomial = 0x82F63B78;
    std::array<Table, 8> tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t remainder = byte;
        for (int bit = 0; bit < 8; ++bit) {
            remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? reflected_polynomial : 0);
        }
        tables[0][byte] = remainder;
    }
    for (std::size_t step = 1; step < tables.size(); ++step) {
        for (std::uint32_t byte = 0; byte < 256; ++byte) {
            const std::uint32_t before = tables[step - 1][byte];
            tables[step][byte] = (before >> 8) ^ tables[0][before & 0xFF];
        }
    }
    return tables;
}

constexpr std::array<Table, 8> tables = make_tables();

#ifdef __x86_64__
/// The processor's own instruction for this polynomial.
__attribute__((target("sse4.2"))) std::uint32_t checksum_at_once(std::string_view bytes) {
    std::uint64_t remainder = 0xFFFFFFFF;
    for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), sizeof word);
        remainder = _mm_crc32_u64(remainder, word);
    }
    auto rest = static_cast<std::uint32_t>(remainder);
    for (const char byte : bytes) rest = _mm_crc32_u8(rest, static_cast<std::uint8_t>(byte));
    return ~rest;
}
#endif

std::uint8_t byte_at(std::string_view bytes, std::size_t index) {
    return static_cast<std::uint8_t>(bytes[index]);
}

} // namespace

std::uint32_t checksum_by_tables(std::string_view bytes) {
    std::uint32_t remainder = 0xFFFFFFFF;
    while (bytes.size() >= 8) {
        std::uint32_t next = 0;
        for (std::size_t index = 0; index < 4; ++index) {
            const std::uint32_t low = byte_at(bytes, index) ^ ((remainder >> (8 * index)) & 0xFF);
            next ^= tables[7 - index][low] ^ tables[3 - index][byte_at(bytes, index + 4)];
        }
        remainder = next;
        bytes.remove_prefix(8);
    }
    for (std::size_t index = 0; index < bytes.size(); ++index) {
        remainder = (remainder >> 8) ^ tables[0][(remainder ^ byte_at(bytes, index)) & 0xFF];
    }
    return ~remainder;
}

std::uint32_t checksum(std::string_view bytes) {
#ifdef __x86_64__
    static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
    if (has_instruction) return checksum_at_once(bytes);
#endif
    return checksum_by_tables(bytes);
}

} // namespace tollgate::storage::journal
