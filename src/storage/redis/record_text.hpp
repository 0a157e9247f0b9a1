// A key's record as text, for Redis: its generation, a space, and JSON; the generation alone stands for "no
// such key". Pure.
#pragma once

#include "tollgate/ports/key_cache.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tollgate::storage::redis {

/// Later than any generation: a secret that was removed never comes back.
inline constexpr std::uint64_t last_generation = (std::uint64_t{1} << 53U) - 1;

std::string write_record(const domain::KeyRecord& record);
std::string write_absence(std::uint64_t generation);

/// Nothing: the text is not one of ours (of another version, perhaps).
std::optional<ports::CachedRecord> read_record(std::string_view text);

} // namespace tollgate::storage::redis
