// How long calls took, as counts in buckets half an octave wide, so that percentiles of any set of days can
// be had from sums. Pure.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace tollgate::domain {

/// Where bucket b begins, in milliseconds; it ends where b + 1 begins. The last one has no end.
inline constexpr std::array<std::uint32_t, 38> latency_bounds_ms{
    0,    1,     2,     3,     4,     6,     8,     11,    16,     23,     32,     45,    64,
    91,   128,   181,   256,   362,   512,   724,   1024,  1448,   2048,   2896,   4096,  5793,
    8192, 11585, 16384, 23170, 32768, 46341, 65536, 92682, 131072, 185364, 262144, 524288};

std::size_t latency_bucket(std::chrono::milliseconds duration);

/// Counts of calls by bucket, and the sum of what they took.
class LatencySums {
public:
    void add(std::chrono::milliseconds duration);
    void add(const LatencySums& other);
    void add(std::size_t bucket, std::uint64_t calls, std::uint64_t total_ms);

    std::uint64_t calls() const { return calls_; }
    std::optional<std::uint64_t> mean_ms() const;

    /// The time within which `per_mille` of 1,000 calls ended, as if calls lay evenly in their bucket;
    /// nothing without calls.
    std::optional<std::uint64_t> percentile_ms(std::uint32_t per_mille) const;

    friend bool operator==(const LatencySums&, const LatencySums&) = default;

private:
    std::array<std::uint64_t, latency_bounds_ms.size()> counts_{};
    std::uint64_t calls_ = 0;
    std::uint64_t total_ms_ = 0;
};

} // namespace tollgate::domain
