#include "tollgate/ports/usage_reports.hpp"

#include <gtest/gtest.h>

namespace tollgate::ports {

TEST(LatencyRows, AreTheFewestThatCanAnswer) {
    const UsageFilter own{.account_id = base::AccountId("acc_1")};
    const UsageFilter key{.key_id = base::KeyId("key_1")};
    const UsageFilter model{.model = "m"};
    EXPECT_EQ(latency_rows({}, GroupBy::nothing), LatencyRows::all);
    EXPECT_EQ(latency_rows({}, GroupBy::day), LatencyRows::all);
    EXPECT_EQ(latency_rows({}, GroupBy::account), LatencyRows::accounts);
    EXPECT_EQ(latency_rows(own, GroupBy::day), LatencyRows::accounts);
    EXPECT_EQ(latency_rows({}, GroupBy::model), LatencyRows::models);
    EXPECT_EQ(latency_rows({.provider = "p"}, GroupBy::day), LatencyRows::models);
    EXPECT_EQ(latency_rows(own, GroupBy::model), LatencyRows::account_models);
    EXPECT_EQ(latency_rows(model, GroupBy::account), LatencyRows::account_models);
    EXPECT_EQ(latency_rows(key, GroupBy::nothing), LatencyRows::details);
    EXPECT_EQ(latency_rows({}, GroupBy::key), LatencyRows::details);
}

} // namespace tollgate::ports
