#include "tollgate/domain/token_window.hpp"

#include <gtest/gtest.h>
#include <random>
#include <vector>

namespace tollgate::domain {

namespace {

using namespace std::chrono_literals;
using base::SteadyTime;
using std::chrono::microseconds;
using std::chrono::milliseconds;

const SteadyTime start = SteadyTime(1'000h);

struct NaiveEntry {
    SteadyTime time{};
    std::uint64_t tokens = 0;
};

std::uint64_t naive_sum(const std::vector<NaiveEntry>& entries, SteadyTime now) {
    std::uint64_t sum = 0;
    for (const NaiveEntry& entry : entries) sum += entry.time + 60s > now ? entry.tokens : 0;
    return sum;
}

} // namespace

TEST(TokenWindow, GivesRoomUpToTheLimitExactly) {
    TokenWindow window;
    EXPECT_TRUE(window.has_room(100, 100, start));
    EXPECT_FALSE(window.has_room(101, 100, start));
    window.admit(60, start);
    EXPECT_TRUE(window.has_room(40, 100, start));
    EXPECT_FALSE(window.has_room(41, 100, start));
    EXPECT_EQ(window.remaining(100, start), 40);
}

TEST(TokenWindow, TokensLeaveSixtySecondsAfterTheirAdmission) {
    TokenWindow window;
    window.admit(60, start);
    window.admit(30, start + 10s);
    EXPECT_EQ(window.remaining(100, start + 60s - 1ns), 10);
    EXPECT_EQ(window.remaining(100, start + 60s), 70);
    EXPECT_EQ(window.time_to_empty(start + 60s), 10s);
    EXPECT_EQ(window.remaining(100, start + 70s), 100);
    EXPECT_EQ(window.time_to_empty(start + 70s), 0ms);
}

TEST(TokenWindow, SaysWhenEnoughHasLeftForThisDemand) {
    TokenWindow window;
    window.admit(50, start);
    window.admit(30, start + 10s);
    window.admit(20, start + 20s);
    EXPECT_EQ(window.time_to_room(0, 100, start + 30s), 0ms);
    EXPECT_EQ(window.time_to_room(50, 100, start + 30s), 30s);
    EXPECT_EQ(window.time_to_room(51, 100, start + 30s), 40s);
    EXPECT_EQ(window.time_to_room(100, 100, start + 30s), 50s);
}

TEST(TokenWindow, ADemandAboveTheWholeLimitNeverHasRoom) {
    TokenWindow window;
    EXPECT_FALSE(window.has_room(101, 100, start));
    EXPECT_EQ(window.time_to_room(101, 100, start), std::nullopt);
    EXPECT_EQ(window.time_to_room(UINT64_MAX, 100, start), std::nullopt);
}

TEST(TokenWindow, SettlingReplacesTheEstimateAtItsOwnInstant) {
    TokenWindow window;
    const auto first = window.admit(80, start);
    window.admit(10, start + 5s);
    window.correct(first, 30);
    EXPECT_EQ(window.remaining(100, start + 20s), 60);
    EXPECT_EQ(window.remaining(100, start + 60s), 90); // the corrected entry left with its admission
}

TEST(TokenWindow, UseAboveTheLimitLeavesNoRoomUntilItIsGone) {
    TokenWindow window;
    const auto ticket = window.admit(10, start);
    window.correct(ticket, 500);
    EXPECT_EQ(window.remaining(100, start), 0);
    EXPECT_FALSE(window.has_room(0, 100, start));
    EXPECT_EQ(window.time_to_room(1, 100, start + 1s), 59s);
}

TEST(TokenWindow, ACorrectionAfterTheEntryLeftHasNoEffect) {
    TokenWindow window;
    const auto gone = window.admit(80, start);
    const auto there = window.admit(20, start + 59s);
    EXPECT_EQ(window.remaining(100, start + 60s), 80);
    window.correct(gone, 1'000);
    EXPECT_EQ(window.remaining(100, start + 60s), 80);
    window.correct(there, 30);
    EXPECT_EQ(window.remaining(100, start + 60s), 70);
    window.correct(there + 1, 1'000); // never given out
    EXPECT_EQ(window.remaining(100, start + 60s), 70);
}

TEST(TokenWindow, AbsurdFiguresDoNotWrapAround) {
    TokenWindow window;
    const auto ticket = window.admit(0, start);
    window.correct(ticket, UINT64_MAX);
    window.correct(window.admit(0, start), UINT64_MAX);
    EXPECT_EQ(window.remaining(1'000'000'000'000, start), 0);
    EXPECT_EQ(window.remaining(1'000'000'000'000, start + 60s), 1'000'000'000'000);
}

TEST(TokenWindow, AgreesWithACountOfEverythingEverAdmitted) {
    std::mt19937 random(3);
    constexpr std::uint64_t limit = 10'000;
    TokenWindow window;
    std::vector<NaiveEntry> naive;
    std::vector<TokenWindow::Ticket> tickets;
    SteadyTime now = start;
    for (int i = 0; i < 5'000; ++i) {
        now += microseconds(random() % 2'000'000);
        if (!tickets.empty() && random() % 3 == 0) {
            const auto chosen = random() % tickets.size();
            const std::uint64_t used = random() % 1'500;
            window.remaining(limit, now);
            window.correct(tickets[chosen], used);
            if (naive[chosen].time + 60s > now) naive[chosen].tokens = used;
            continue;
        }
        const std::uint64_t tokens = random() % 1'000;
        const std::uint64_t sum = naive_sum(naive, now);
        ASSERT_EQ(window.has_room(tokens, limit, now), sum + tokens <= limit);
        ASSERT_EQ(window.remaining(limit, now), sum < limit ? limit - sum : 0);
        if (sum + tokens > limit) continue;
        tickets.push_back(window.admit(tokens, now));
        naive.push_back({.time = now, .tokens = tokens});
    }
    EXPECT_GT(naive.size(), 1'000);
}

TEST(TokenWindow, TheWaitIsExactToTheMillisecond) {
    std::mt19937 random(4);
    TokenWindow window;
    SteadyTime now = start;
    int refused = 0;
    for (int i = 0; i < 20'000; ++i) {
        now += microseconds(random() % 1'500'000);
        const std::uint64_t tokens = random() % 3'000;
        if (window.has_room(tokens, 40'000, now)) {
            const auto ticket = window.admit(tokens, now);
            if (random() % 2 == 0) window.correct(ticket, random() % 3'500);
            continue;
        }
        ++refused;
        const milliseconds wait = window.time_to_room(tokens, 40'000, now).value();
        TokenWindow early = window;
        TokenWindow in_time = window;
        ASSERT_FALSE(early.has_room(tokens, 40'000, now + wait - 1ms));
        ASSERT_TRUE(in_time.has_room(tokens, 40'000, now + wait));
    }
    EXPECT_GT(refused, 1'000);
}

} // namespace tollgate::domain
