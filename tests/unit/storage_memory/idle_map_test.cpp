#include "storage/memory/idle_map.hpp"

#include <gtest/gtest.h>

namespace tollgate::storage {

namespace {

using namespace std::chrono_literals;
using base::SteadyTime;

const SteadyTime start = SteadyTime(1'000h);
constexpr std::chrono::seconds idle_time = 600s;

} // namespace

TEST(IdleMap, FindsWhatWasUsedAndMakesWhatWasNot) {
    IdleMap<int> map;
    EXPECT_EQ(map.find("a"), nullptr);
    map.use("a", start).entry = 7;
    EXPECT_EQ(map.use("a", start).entry, 7);
    EXPECT_EQ(map.find("a")->entry, 7);
    EXPECT_EQ(map.size(), 1);
}

TEST(IdleMap, DropsAnEntryWhenItWasIdleLongEnoughAndNotBefore) {
    IdleMap<int> map;
    map.use("a", start);
    map.sweep(start + idle_time - 1ns, idle_time);
    EXPECT_NE(map.find("a"), nullptr);
    map.sweep(start + idle_time, idle_time);
    EXPECT_EQ(map.find("a"), nullptr);
}

TEST(IdleMap, AUseBeginsTheIdleTimeAnew) {
    IdleMap<int> map;
    map.use("a", start);
    map.use("b", start);
    map.use("a", start + 300s);
    map.sweep(start + idle_time, idle_time);
    EXPECT_NE(map.find("a"), nullptr);
    EXPECT_EQ(map.find("b"), nullptr);
}

TEST(IdleMap, NeverDropsAPinnedEntry) {
    IdleMap<int> map;
    auto& node = map.use("a", start);
    node.pins = 1;
    map.sweep(start + 10 * idle_time, idle_time);
    ASSERT_EQ(map.find("a"), &node);
    node.pins = 0;
    map.sweep(start + 20 * idle_time, idle_time);
    EXPECT_EQ(map.find("a"), nullptr);
}

TEST(IdleMap, AUseAtAnUnknownTimeCountsFromTheNextSweep) {
    IdleMap<int> map;
    map.use("a", IdleMap<int>::unknown_time);
    map.sweep(start, idle_time);
    ASSERT_NE(map.find("a"), nullptr);
    map.sweep(start + idle_time - 1ns, idle_time);
    ASSERT_NE(map.find("a"), nullptr);
    map.sweep(start + idle_time, idle_time);
    EXPECT_EQ(map.find("a"), nullptr);
}

TEST(IdleMap, SweepsFewEntriesAtATimeButAllInTheEnd) {
    IdleMap<int> map;
    for (int i = 0; i < 100; ++i) map.use(std::to_string(i), start);
    map.sweep(start + idle_time, idle_time);
    EXPECT_EQ(map.size(), 98);
    for (int i = 0; i < 49; ++i) map.sweep(start + idle_time, idle_time);
    EXPECT_EQ(map.size(), 0);
}

TEST(IdleMap, NodesStayWhereTheyAreWhileTheMapGrows) {
    IdleMap<int> map;
    auto* first = &map.use("first", start);
    for (int i = 0; i < 10'000; ++i) map.use(std::to_string(i), start);
    EXPECT_EQ(map.find("first"), first);
    map.touch(*first, start + 1s);
    EXPECT_EQ(first->used, start + 1s);
}

} // namespace tollgate::storage
