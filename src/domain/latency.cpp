#include "tollgate/domain/latency.hpp"

#include <algorithm>

namespace tollgate::domain {

std::size_t latency_bucket(std::chrono::milliseconds duration) {
    const auto count = std::max<std::chrono::milliseconds::rep>(duration.count(), 0);
    const auto* above = std::ranges::upper_bound(latency_bounds_ms, static_cast<std::uint64_t>(count));
    return static_cast<std::size_t>(above - latency_bounds_ms.begin()) - 1;
}

void LatencySums::add(std::chrono::milliseconds duration) {
    add(latency_bucket(duration), 1, static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0)));
}

void LatencySums::add(std::size_t bucket, std::uint64_t calls, std::uint64_t total_ms) {
    counts_[std::min(bucket, counts_.size() - 1)] += calls;
    calls_ += calls;
    total_ms_ += total_ms;
}

void LatencySums::add(const LatencySums& other) {
    for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) counts_[bucket] += other.counts_[bucket];
    calls_ += other.calls_;
    total_ms_ += other.total_ms_;
}

std::optional<std::uint64_t> LatencySums::mean_ms() const {
    if (calls_ == 0) return std::nullopt;
    return total_ms_ / calls_;
}

std::optional<std::uint64_t> LatencySums::percentile_ms(std::uint32_t per_mille) const {
    if (calls_ == 0) return std::nullopt;
    const std::uint64_t wanted = std::max<std::uint64_t>(1, (calls_ * per_mille + 999) / 1000);
    std::uint64_t before = 0;
    for (std::size_t bucket = 0; bucket + 1 < counts_.size(); ++bucket) {
        if (before + counts_[bucket] >= wanted) {
            const std::uint64_t low = latency_bounds_ms[bucket];
            const std::uint64_t width = latency_bounds_ms[bucket + 1] - low;
            return low + width * (wanted - before) / counts_[bucket];
        }
        before += counts_[bucket];
    }
    return latency_bounds_ms.back();
}

} // namespace tollgate::domain
