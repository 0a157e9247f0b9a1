#include "dashboard/throttle.hpp"

#include <gtest/gtest.h>

#include <map>

namespace tollgate::dashboard {

namespace {

class RememberedAttempts final : public ports::Attempts {
public:
    base::Result<std::uint64_t> count(std::string_view subject, base::WallTime since) override {
        std::uint64_t found = 0;
        for (const auto& [name, at] : rows_) found += name == subject && at >= since ? 1 : 0;
        return found;
    }
    base::Result<void> add(std::span<const std::string> subjects, base::WallTime now) override {
        for (const std::string& subject : subjects) rows_.emplace(subject, now);
        return {};
    }
    base::Result<void> forget(std::string_view subject) override {
        rows_.erase(std::string(subject));
        return {};
    }

private:
    std::multimap<std::string, base::WallTime> rows_;
};

const base::WallTime start{std::chrono::seconds(1'800'000'000)};

} // namespace

class ThrottleTest : public ::testing::Test {
protected:
    /// How many failures are let through before the first refusal, of at most 1,000.
    int failures(const Attempt& attempt, base::WallTime now = start) {
        int count = 0;
        while (count < 1000 && throttle_.check(attempt, now)) {
            EXPECT_TRUE(throttle_.failed(attempt, now));
            ++count;
        }
        return count;
    }

    RememberedAttempts attempts_;
    Throttle throttle_{attempts_, {.per_pair = 10, .per_account = 50, .per_device = 7, .per_address = 30}};
};

TEST_F(ThrottleTest, LimitsAPairOfAccountAndAddress) {
    const Attempt attempt{.account = "a@example.org", .address = "192.0.2.1"};
    EXPECT_EQ(failures(attempt), 10);
    const auto refused = throttle_.check(attempt, start);
    EXPECT_EQ(refused.error().code, base::ErrorCode::too_many_attempts);
    EXPECT_TRUE(refused.error().retry_after.has_value());
    EXPECT_TRUE(throttle_.check({.account = "b@example.org", .address = "192.0.2.1"}, start));
    EXPECT_EQ(failures(attempt, start + std::chrono::minutes(15) + std::chrono::seconds(1)), 10);
}

TEST_F(ThrottleTest, LimitsAnAddressOverManyAccounts) {
    int let_through = 0;
    for (int account = 0; account < 100; ++account)
        let_through +=
            failures({.account = std::to_string(account) + "@example.org", .address = "192.0.2.1"});
    EXPECT_EQ(let_through, 30);
    EXPECT_TRUE(throttle_.check({.account = "new@example.org", .address = "192.0.2.1"},
                                start + std::chrono::seconds(61)));
}

TEST_F(ThrottleTest, LimitsAnAccountOverManyAddresses) {
    int let_through = 0;
    for (int host = 0; host < 100; ++host)
        let_through += failures({.account = "a@example.org", .address = "192.0.2." + std::to_string(host)});
    EXPECT_EQ(let_through, 50);
}

TEST_F(ThrottleTest, TheOwnersBrowserIsNotShutOutByOthers) {
    for (int host = 0; host < 100; ++host)
        failures({.account = "a@example.org", .address = "192.0.2." + std::to_string(host)});
    const Attempt owner{.account = "a@example.org", .address = "192.0.2.1", .device = "mark"};
    EXPECT_TRUE(throttle_.check(owner, start));
    EXPECT_EQ(failures(owner), 7);
}

TEST_F(ThrottleTest, SuccessForgetsThePairAlone) {
    const Attempt attempt{.account = "a@example.org", .address = "192.0.2.1"};
    EXPECT_EQ(failures(attempt), 10);
    ASSERT_TRUE(throttle_.succeeded(attempt));
    EXPECT_EQ(failures(attempt), 10);
    ASSERT_TRUE(throttle_.succeeded(attempt));
    EXPECT_EQ(failures(attempt), 10) << "the address has 30 by now";
    ASSERT_TRUE(throttle_.succeeded(attempt));
    EXPECT_EQ(failures(attempt), 0);
}

TEST_F(ThrottleTest, ANetworkIsWhatOnePersonHolds) {
    EXPECT_EQ(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:2:ffff::9"));
    EXPECT_NE(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:3::1"));
    EXPECT_NE(network_of("192.0.2.1"), network_of("192.0.2.2"));
    EXPECT_NE(network_of("::ffff:192.0.2.1"), network_of("::ffff:192.0.2.2"));
    EXPECT_EQ(network_of("unix"), "unix");
}

} // namespace tollgate::dashboard
