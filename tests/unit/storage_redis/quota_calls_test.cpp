#include "storage/redis/quota_calls.hpp"

namespace tollgate::storage::redis {

namespace {

base::Money micros(std::int64_t amount) {
    return base::Money::of_micros(amount);
}

OpenCall call(const std::string& account, std::vector<std::string> purses, std::int64_t held) {
    return OpenCall{.account = base::AccountId(account), .purses = std::move(purses), .held = micros(held)};
}

void end(QuotaCalls& calls, const std::string& id, std::int64_t cost) {
    OpenCall* ended = calls.find(base::RequestId(id));
    ended->stage = CallStage::settling;
    ended->cost = micros(cost);
}

} // namespace

TEST(QuotaCalls, HoldsWhatIsInFlightAndWhatTheLedgerDoesNotHave) {
    QuotaCalls calls(10);
    calls.add(base::RequestId("r1"), call("a", {"b", "w"}, 100));
    calls.add(base::RequestId("r2"), call("a", {"w"}, 50));
    EXPECT_EQ(calls.holdings(), (QuotaCalls::Sums{{"b", micros(100)}, {"w", micros(150)}}));
    end(calls, "r1", 30);
    EXPECT_EQ(calls.holdings(), (QuotaCalls::Sums{{"b", micros(30)}, {"w", micros(80)}}));
    EXPECT_FALSE(calls.settled(base::RequestId("r1")));
    EXPECT_EQ(calls.pending().at(base::AccountId("a")),
              (QuotaCalls::Sums{{"b", micros(30)}, {"w", micros(30)}}));
    EXPECT_EQ(calls.holdings(), (QuotaCalls::Sums{{"b", micros(30)}, {"w", micros(80)}}));
    const auto counted = calls.counted(base::RequestId("r1"), {{"b", micros(500)}, {"w", micros(600)}});
    ASSERT_TRUE(counted);
    EXPECT_EQ(counted->totals, (std::vector{micros(500), micros(600)}));
    EXPECT_TRUE(calls.pending().empty());
    EXPECT_FALSE(calls.counted(base::RequestId("r1"), {}));
}

TEST(QuotaCalls, ACallThatTheLedgerHasBeforeRedisKnowsItsEndIsConfirmedWhenItDoes) {
    QuotaCalls calls(10);
    calls.add(base::RequestId("r1"), call("a", {"b"}, 100));
    end(calls, "r1", 30);
    EXPECT_FALSE(calls.counted(base::RequestId("r1"), {{"b", micros(500)}}));
    EXPECT_TRUE(calls.holdings().empty());
    const auto counted = calls.settled(base::RequestId("r1"));
    ASSERT_TRUE(counted);
    EXPECT_EQ(counted->totals, std::vector{micros(500)});
    EXPECT_EQ(calls.settled_count(), 0U);
}

TEST(QuotaCalls, ACallWithoutItsPursesTotalStaysPending) {
    QuotaCalls calls(10);
    calls.add(base::RequestId("r1"), call("a", {"b", "w"}, 100));
    end(calls, "r1", 30);
    EXPECT_FALSE(calls.settled(base::RequestId("r1")));
    EXPECT_FALSE(calls.counted(base::RequestId("r1"), {{"b", micros(500)}}));
    EXPECT_EQ(calls.settled_count(), 1U);
}

TEST(QuotaCalls, RemembersNoMoreEndedCallsThanItMayAndSaysSo) {
    QuotaCalls calls(2);
    for (const char* id : {"r1", "r2", "r3"}) {
        calls.add(base::RequestId(id), call("a", {"b"}, 10));
        end(calls, id, 10);
        EXPECT_FALSE(calls.settled(base::RequestId(id)));
    }
    EXPECT_EQ(calls.settled_count(), 2U);
    EXPECT_TRUE(calls.has_overflown());
    EXPECT_EQ(calls.forgotten(), 1U);
    calls.make_good(0);
    EXPECT_TRUE(calls.has_overflown());
    calls.make_good(1);
    EXPECT_FALSE(calls.has_overflown());
}

TEST(QuotaCalls, CallsThatCostNothingOrDrawOnNothingAreForgottenAtTheirEnd) {
    QuotaCalls calls(10);
    calls.add(base::RequestId("free"), call("a", {"b"}, 10));
    calls.add(base::RequestId("unlimited"), call("a", {}, 10));
    end(calls, "free", 0);
    end(calls, "unlimited", 5);
    EXPECT_FALSE(calls.settled(base::RequestId("free")));
    EXPECT_FALSE(calls.settled(base::RequestId("unlimited")));
    EXPECT_EQ(calls.settled_count(), 0U);
    EXPECT_TRUE(calls.open().empty());
}

} // namespace tollgate::storage::redis
