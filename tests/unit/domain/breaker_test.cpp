#include "tollgate/domain/breaker.hpp"

#include <gtest/gtest.h>

namespace tollgate::domain {
namespace {

using namespace std::chrono_literals;

constexpr BreakerRules rules{.failures = 3, .open_time = 30s};
constexpr base::SteadyTime start{1'000'000s};

Breaker opened_at(base::SteadyTime now) {
    Breaker breaker(rules);
    for (std::uint32_t i = 0; i < rules.failures; ++i) breaker.failed(now);
    return breaker;
}

} // namespace

TEST(Breaker, OpensOnlyAfterTheWholeRunOfFailures) {
    Breaker breaker(rules);
    for (int i = 0; i < 2; ++i) {
        breaker.failed(start);
        EXPECT_TRUE(breaker.try_pass(start));
    }
    breaker.failed(start);
    EXPECT_EQ(breaker.state(), BreakerState::open);
    EXPECT_FALSE(breaker.try_pass(start));
}

TEST(Breaker, ASuccessEndsTheRun) {
    Breaker breaker(rules);
    for (int i = 0; i < 10; ++i) {
        breaker.failed(start);
        breaker.failed(start);
        breaker.succeeded();
    }
    EXPECT_EQ(breaker.state(), BreakerState::closed);
}

TEST(Breaker, StaysOpenForItsTimeToTheTick) {
    Breaker breaker = opened_at(start);
    EXPECT_FALSE(breaker.try_pass(start + 30s - 1ns));
    EXPECT_TRUE(breaker.try_pass(start + 30s));
}

TEST(Breaker, GivesTheTrialToOneAlone) {
    Breaker breaker = opened_at(start);
    EXPECT_TRUE(breaker.try_pass(start + 30s));
    EXPECT_EQ(breaker.state(), BreakerState::trial);
    EXPECT_FALSE(breaker.try_pass(start + 30s));
    EXPECT_FALSE(breaker.try_pass(start + 59s));
}

TEST(Breaker, AGoodTrialCloses) {
    Breaker breaker = opened_at(start);
    ASSERT_TRUE(breaker.try_pass(start + 30s));
    breaker.succeeded();
    EXPECT_EQ(breaker.state(), BreakerState::closed);
    breaker.failed(start + 31s);
    EXPECT_TRUE(breaker.try_pass(start + 31s)); // the run begins anew
}

TEST(Breaker, ABadTrialOpensForAnotherWholeTime) {
    Breaker breaker = opened_at(start);
    ASSERT_TRUE(breaker.try_pass(start + 30s));
    breaker.failed(start + 40s);
    EXPECT_FALSE(breaker.try_pass(start + 70s - 1ns));
    EXPECT_TRUE(breaker.try_pass(start + 70s));
}

TEST(Breaker, AnAbandonedTrialGoesToTheNextToAsk) {
    Breaker breaker = opened_at(start);
    ASSERT_TRUE(breaker.try_pass(start + 30s));
    breaker.abandoned();
    EXPECT_EQ(breaker.state(), BreakerState::open);
    EXPECT_TRUE(breaker.try_pass(start + 31s));
    EXPECT_FALSE(breaker.try_pass(start + 31s));
}

TEST(Breaker, ATrialThatNeverReportsIsFollowedByAnother) {
    Breaker breaker = opened_at(start);
    ASSERT_TRUE(breaker.try_pass(start + 30s));
    EXPECT_FALSE(breaker.try_pass(start + 60s - 1ns));
    EXPECT_TRUE(breaker.try_pass(start + 60s));
}

TEST(Breaker, AbandonedAttemptsOfAClosedOneSayNothing) {
    Breaker breaker(rules);
    breaker.failed(start);
    breaker.failed(start);
    breaker.abandoned();
    EXPECT_EQ(breaker.state(), BreakerState::closed);
    breaker.failed(start);
    EXPECT_EQ(breaker.state(), BreakerState::open);
}

TEST(Breaker, NoFailuresInTheRulesSwitchItOff) {
    Breaker breaker(BreakerRules{.failures = 0});
    for (int i = 0; i < 100; ++i) breaker.failed(start);
    EXPECT_TRUE(breaker.try_pass(start));
}

} // namespace tollgate::domain
