#include "tollgate/domain/retry_plan.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace tollgate::domain {

using namespace std::chrono_literals;
using Pause = std::optional<std::chrono::milliseconds>;

TEST(RetryPlan, PausesDoubleUpToTwoSeconds) {
    for (const auto& [attempts, want] : std::initializer_list<std::pair<std::uint32_t, Pause>>{
             {1, 500ms}, {2, 1000ms}, {3, 2000ms}, {4, 2000ms}, {9, 2000ms}}) {
        const FailedAttempt failed{.attempts = attempts, .most_attempts = 10, .time_left = 60s};
        EXPECT_EQ(next_pause(failed), want) << attempts;
    }
}

TEST(RetryPlan, EndsWithTheAttemptsAllowed) {
    for (std::uint32_t most = 1; most < 6; ++most) {
        for (std::uint32_t attempts = 1; attempts < 8; ++attempts) {
            const FailedAttempt failed{
                .attempts = attempts, .most_attempts = most, .has_other_credential = true, .time_left = 60s};
            EXPECT_EQ(next_pause(failed).has_value(), attempts < most) << attempts << " of " << most;
        }
    }
}

TEST(RetryPlan, AnotherCredentialIsTriedAtOnceWhateverTheProviderAskedOfThisOne) {
    const FailedAttempt failed{.has_other_credential = true, .retry_after = 30s, .time_left = 60s};
    EXPECT_EQ(next_pause(failed), Pause(0ms));
}

TEST(RetryPlan, JitterShortensAndNeverLengthens) {
    for (std::uint32_t percent = 75; percent <= 100; ++percent) {
        const FailedAttempt failed{.attempts = 2, .time_left = 60s, .jitter_percent = percent};
        EXPECT_EQ(next_pause(failed), Pause(10ms * percent));
    }
}

TEST(RetryPlan, WaitsAsLongAsTheProviderAsksIfThereIsTime) {
    for (const auto asked : {1ms, 700ms, 59'999ms}) {
        const FailedAttempt failed{.retry_after = asked, .time_left = 60s, .jitter_percent = 75};
        EXPECT_EQ(next_pause(failed), Pause(asked));
    }
}

TEST(RetryPlan, GivesUpWhenThePauseWouldReachTheDeadline) {
    EXPECT_EQ(next_pause({.retry_after = 60s, .time_left = 60s}), std::nullopt);
    EXPECT_EQ(next_pause({.time_left = 500ms}), std::nullopt);
    EXPECT_EQ(next_pause({.time_left = 501ms}), Pause(500ms));
    EXPECT_EQ(next_pause({.time_left = 0ms}), std::nullopt);
    EXPECT_EQ(next_pause({.time_left = -1ms}), std::nullopt);
}

} // namespace tollgate::domain
