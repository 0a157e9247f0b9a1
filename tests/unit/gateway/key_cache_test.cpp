#include "gateway/key_cache.hpp"

#include <gtest/gtest.h>

namespace tollgate::gateway {
namespace {

using std::chrono::milliseconds;

base::Digest secret(int number) {
    return base::sha256(std::to_string(number));
}

CachedKey record(int number) {
    domain::KeyRecord record;
    record.key.name = std::to_string(number);
    return std::make_shared<const domain::KeyRecord>(std::move(record));
}

const base::SteadyTime start{};
const KeyCacheRules rules{.found_time = milliseconds(1000),
                          .unknown_time = milliseconds(100),
                          .found_entries = 32,
                          .unknown_entries = 16};

TEST(KeyCache, KnowsNothingAtFirst) {
    KeyCache cache(rules);
    EXPECT_FALSE(cache.find(secret(1), start));
    EXPECT_EQ(cache.size(), 0U);
}

TEST(KeyCache, RemembersAFoundKeyForItsTimeAndNoLonger) {
    KeyCache cache(rules);
    cache.put(secret(1), record(1), cache.epoch(), start);
    EXPECT_EQ(cache.find(secret(1), start + milliseconds(999)).value()->key.name, "1");
    EXPECT_FALSE(cache.find(secret(1), start + milliseconds(1000)));
    EXPECT_EQ(cache.size(), 0U);
}

TEST(KeyCache, RemembersAnUnknownKeyForLess) {
    KeyCache cache(rules);
    cache.put(secret(1), nullptr, cache.epoch(), start);
    const auto known = cache.find(secret(1), start + milliseconds(99));
    ASSERT_TRUE(known);
    EXPECT_EQ(*known, nullptr);
    EXPECT_FALSE(cache.find(secret(1), start + milliseconds(100)));
}

TEST(KeyCache, ForgetsOneKeyAndKeepsTheOthers) {
    KeyCache cache(rules);
    cache.put(secret(1), record(1), cache.epoch(), start);
    cache.put(secret(2), nullptr, cache.epoch(), start);
    cache.put(secret(3), record(3), cache.epoch(), start);
    cache.forget(secret(1));
    cache.forget(secret(2));
    EXPECT_FALSE(cache.find(secret(1), start));
    EXPECT_FALSE(cache.find(secret(2), start));
    EXPECT_TRUE(cache.find(secret(3), start));
}

TEST(KeyCache, TakesNothingThatWasReadBeforeALaterChange) {
    KeyCache cache(rules);
    const std::uint64_t before = cache.epoch();
    cache.forget(secret(1));
    cache.put(secret(1), record(1), before, start);
    EXPECT_FALSE(cache.find(secret(1), start));
    const std::uint64_t later = cache.epoch();
    cache.forget_all();
    cache.put(secret(2), record(2), later, start);
    EXPECT_FALSE(cache.find(secret(2), start));
}

TEST(KeyCache, ForgetsEverything) {
    KeyCache cache(rules);
    for (int number = 0; number < 10; ++number)
        cache.put(secret(number), number % 2 == 0 ? record(number) : nullptr, cache.epoch(), start);
    cache.forget_all();
    EXPECT_EQ(cache.size(), 0U);
}

TEST(KeyCache, StaysWithinItsBoundsUnderGuessing) {
    KeyCache cache(rules);
    for (int number = 0; number < 30; ++number)
        cache.put(secret(number), record(number), cache.epoch(), start);
    for (int guess = 1000; guess < 3000; ++guess) {
        cache.put(secret(guess), nullptr, cache.epoch(), start);
        ASSERT_LE(cache.size(), 30U + rules.unknown_entries);
    }
    for (int number = 0; number < 30; ++number) EXPECT_TRUE(cache.find(secret(number), start)) << number;
}

TEST(KeyCache, MakesRoomForNewKeys) {
    KeyCache cache(rules);
    for (int number = 0; number < 500; ++number) {
        cache.put(secret(number), record(number), cache.epoch(), start);
        ASSERT_LE(cache.size(), rules.found_entries);
        ASSERT_TRUE(cache.find(secret(number), start));
    }
}

} // namespace
} // namespace tollgate::gateway
