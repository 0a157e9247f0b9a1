// Which slot of a Redis Cluster a key is in (the cluster specification: CRC16 of the hash tag, modulo 16384).
#pragma once

#include <cstdint>
#include <string_view>

namespace tollgate::storage::redis {

inline constexpr std::uint16_t slot_count = 16384;

/// By what stands between the first { and the next }, if anything does; else by the whole key.
std::uint16_t slot_of(std::string_view key);

} // namespace tollgate::storage::redis
