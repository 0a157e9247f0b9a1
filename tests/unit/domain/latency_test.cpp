#include "tollgate/domain/latency.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace tollgate::domain {

using std::chrono::milliseconds;

TEST(Latency, EveryDurationLiesInTheBucketWhoseBoundsHoldIt) {
    EXPECT_TRUE(std::ranges::is_sorted(latency_bounds_ms));
    for (std::size_t bucket = 0; bucket < latency_bounds_ms.size(); ++bucket) {
        EXPECT_EQ(latency_bucket(milliseconds(latency_bounds_ms[bucket])), bucket);
        if (bucket > 0) EXPECT_EQ(latency_bucket(milliseconds(latency_bounds_ms[bucket] - 1)), bucket - 1);
    }
    EXPECT_EQ(latency_bucket(milliseconds(-5)), 0U);
    EXPECT_EQ(latency_bucket(std::chrono::hours(1000)), latency_bounds_ms.size() - 1);
}

TEST(Latency, NothingIsKnownWithoutCalls) {
    const LatencySums none;
    EXPECT_FALSE(none.mean_ms().has_value());
    EXPECT_FALSE(none.percentile_ms(500).has_value());
}

TEST(Latency, PercentilesLieInTheBucketOfTheExactOnes) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 200; ++round) {
        std::vector<std::int64_t> exact(1 + random() % 500);
        LatencySums sums;
        for (auto& duration : exact) {
            duration = static_cast<std::int64_t>(random() % (1ULL << (1 + random() % 17)));
            sums.add(milliseconds(duration));
        }
        std::ranges::sort(exact);
        for (const std::uint32_t per_mille : {1U, 500U, 950U, 990U, 1000U}) {
            const std::size_t place = (exact.size() * per_mille + 999) / 1000 - 1;
            const std::size_t bucket = latency_bucket(milliseconds(exact[place]));
            const auto estimate = sums.percentile_ms(per_mille);
            ASSERT_TRUE(estimate.has_value());
            EXPECT_GE(*estimate, latency_bounds_ms[bucket]);
            EXPECT_LE(*estimate, latency_bounds_ms[bucket + 1]);
        }
    }
}

TEST(Latency, SumsOfDaysAreTheSumOfAllCalls) {
    LatencySums all;
    LatencySums day;
    for (const int duration : {3, 40, 40, 90'000}) {
        all.add(milliseconds(duration));
        day.add(latency_bucket(milliseconds(duration)), 1, static_cast<std::uint64_t>(duration));
    }
    EXPECT_EQ(all, day);
    LatencySums twice = all;
    twice.add(all);
    EXPECT_EQ(twice.calls(), 8U);
    EXPECT_EQ(twice.mean_ms(), all.mean_ms());
    EXPECT_EQ(all.mean_ms(), 22520U);
    EXPECT_EQ(all.calls(), 4U);
}

} // namespace tollgate::domain
