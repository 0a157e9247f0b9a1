// Deterministic content: words from a seed, and JSON that fits a schema. Pure.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::simulator {

/// A stream of pseudo-random numbers that is the same on every machine (SplitMix64).
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next();

private:
    std::uint64_t state_;
};

/// `count` pieces, each one word; all but the first begin with a space.
std::vector<std::string> words(std::uint64_t seed, std::size_t count);

/// Cuts at least every `width` bytes, never inside a UTF-8 character.
std::vector<std::string> pieces(std::string_view text, std::size_t width);

/// A value that fits a JSON schema: first of an enum, else something of the type. Depth is bounded.
nlohmann::ordered_json sample_of(const nlohmann::ordered_json& schema, std::uint64_t seed);

} // namespace tollgate::simulator
