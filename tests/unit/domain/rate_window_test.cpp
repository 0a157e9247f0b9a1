#include "tollgate/domain/rate_window.hpp"

#include <algorithm>
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

/// The same limit, counted from the list of everything that was ever admitted.
class NaiveWindow {
public:
    bool has_place(std::uint32_t limit, SteadyTime now) const {
        const auto counting = std::ranges::upper_bound(admitted, now - 60s);
        return admitted.end() - counting < limit;
    }
    std::vector<SteadyTime> admitted;
};

/// The most admissions that any window of sixty seconds holds; one begins with each admission.
std::ptrdiff_t fullest_window(const std::vector<SteadyTime>& admitted) {
    std::ptrdiff_t most = 0;
    for (auto first = admitted.begin(); first != admitted.end(); ++first) {
        const auto behind = std::ranges::lower_bound(first, admitted.end(), *first + 60s);
        most = std::max(most, behind - first);
    }
    return most;
}

} // namespace

TEST(RateWindow, AnAdmissionFreesItsPlaceSixtySecondsLaterAndNotBefore) {
    RateWindow window;
    EXPECT_TRUE(window.has_place(1, start));
    window.admit(start);
    EXPECT_FALSE(window.has_place(1, start));
    EXPECT_FALSE(window.has_place(1, start + 60s - 1ns));
    EXPECT_TRUE(window.has_place(1, start + 60s));
}

TEST(RateWindow, DoesNotBeginAnewOnTheMinute) {
    RateWindow window;
    for (int i = 0; i < 60; ++i) window.admit(start + 59s); // the end of one minute
    EXPECT_FALSE(window.has_place(60, start + 61s));        // the beginning of the next
    EXPECT_EQ(window.remaining(60, start + 61s), 0);
    EXPECT_EQ(window.remaining(60, start + 119s), 60);
}

TEST(RateWindow, CountsWhatRemains) {
    RateWindow window;
    EXPECT_EQ(window.remaining(3, start), 3);
    window.admit(start);
    window.admit(start + 10s);
    EXPECT_EQ(window.remaining(3, start + 10s), 1);
    EXPECT_EQ(window.remaining(3, start + 60s), 2);
    EXPECT_EQ(window.remaining(3, start + 70s), 3);
}

TEST(RateWindow, SaysWhenAPlaceComesFree) {
    RateWindow window;
    EXPECT_EQ(window.time_to_place(2, start), 0ms);
    window.admit(start);
    window.admit(start + 10s);
    EXPECT_EQ(window.time_to_place(2, start + 20s), 40s);
    EXPECT_EQ(window.time_to_place(3, start + 20s), 0ms);
    EXPECT_EQ(window.time_to_empty(start + 20s), 50s);
    EXPECT_EQ(window.time_to_empty(start + 70s), 0ms);
}

TEST(RateWindow, RoundsWaitsUpSoThatTheyAreEnough) {
    RateWindow window;
    window.admit(start + 1us);
    EXPECT_EQ(window.time_to_place(1, start + 1ms), 59'999ms + 1ms);
    EXPECT_TRUE(window.has_place(1, start + 1ms + 60s));
}

TEST(RateWindow, FollowsALimitThatIsLoweredOrRaised) {
    RateWindow window;
    for (int i = 0; i < 5; ++i) window.admit(start + i * 1s);
    EXPECT_EQ(window.time_to_place(2, start + 5s), 58s); // four must leave, the fourth came at three seconds
    EXPECT_EQ(window.remaining(2, start + 5s), 0);
    EXPECT_TRUE(window.has_place(6, start + 5s));
}

TEST(RateWindow, ALimitOfZeroNeverHasAPlace) {
    RateWindow window;
    EXPECT_FALSE(window.has_place(0, start));
    EXPECT_EQ(window.time_to_place(0, start), std::nullopt);
}

TEST(RateWindow, TakesAnEarlierInstantAsThatOfTheNewestAdmission) {
    RateWindow window;
    window.admit(start + 1s);
    window.admit(start); // another thread's clock, read a little earlier
    EXPECT_EQ(window.remaining(2, start), 0);
    EXPECT_EQ(window.remaining(2, start + 60s), 0);
    EXPECT_EQ(window.remaining(2, start + 61s), 2);
}

TEST(RateWindow, NeverAdmitsMoreThanTheLimitInAnySixtySecondsNorFewerThanItMay) {
    std::mt19937 random(1);
    for (const std::uint32_t limit : {1U, 2U, 7U, 60U, 1'000U}) {
        RateWindow window;
        NaiveWindow naive;
        SteadyTime now = start;
        for (int i = 0; i < 20'000; ++i) {
            const auto pause = random() % 3'000 == 0 ? 70'000'000U : 120'000'000U / limit;
            now += microseconds(random() % pause);
            const bool has_place = window.has_place(limit, now);
            ASSERT_EQ(has_place, naive.has_place(limit, now));
            if (!has_place) continue;
            window.admit(now);
            naive.admitted.push_back(now);
        }
        EXPECT_EQ(fullest_window(naive.admitted), limit);
    }
}

TEST(RateWindow, TheWaitIsExactToTheMillisecond) {
    std::mt19937 random(2);
    RateWindow window;
    SteadyTime now = start;
    int refused = 0;
    for (int i = 0; i < 20'000; ++i) {
        now += microseconds(random() % 1'500'000);
        if (window.has_place(40, now)) {
            window.admit(now);
            continue;
        }
        ++refused;
        const milliseconds wait = window.time_to_place(40, now).value();
        RateWindow early = window;
        RateWindow in_time = window;
        ASSERT_FALSE(early.has_place(40, now + wait - 1ms));
        ASSERT_TRUE(in_time.has_place(40, now + wait));
    }
    EXPECT_GT(refused, 1'000);
}

} // namespace tollgate::domain
