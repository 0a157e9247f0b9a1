#include "storage/memory/quota_counters.hpp"

#include <gtest/gtest.h>

namespace tollgate::storage {

namespace {

using namespace std::chrono_literals;
using base::Money;
using base::RequestId;
using base::SteadyTime;
using domain::Charge;
using domain::Demand;
using domain::Grant;
using domain::Purse;
using domain::Refusal;

const SteadyTime start = SteadyTime(1'000h);

Demand demand_of(const std::string& id, SteadyTime now) {
    return Demand{.id = RequestId(id),
                  .key_id = base::KeyId("key_1"),
                  .account_id = base::AccountId("acc_1"),
                  .generation = 1,
                  .rate_limit = 10'000,
                  .lease = 900s,
                  .now = now};
}

Demand demand_for_money(const std::string& id, std::int64_t bound, std::int64_t cap) {
    Demand demand = demand_of(id, start);
    demand.purses = {Purse{.name = "b", .cap = Money::of_micros(cap)}};
    demand.bound = demand.minimum = Money::of_micros(bound);
    return demand;
}

Charge charge_of(const std::string& id, std::int64_t cost, SteadyTime now) {
    return Charge{.id = RequestId(id), .cost = Money::of_micros(cost), .now = now};
}

template <class Answer>
bool answers(QuotaCounters& counters, const Demand& demand) {
    const auto decision = counters.reserve(demand);
    return decision.has_value() && std::holds_alternative<Answer>(*decision);
}

} // namespace

TEST(QuotaCounters, TheEndOfALeaseIsARelease) {
    QuotaCounters counters{MemoryQuotaOptions{}};
    counters.warm({.name = "b", .spent = Money()});
    ASSERT_TRUE(answers<Grant>(counters, demand_for_money("r1", 100, 100)));
    const auto before = counters.releases();
    ASSERT_TRUE(answers<Grant>(counters, demand_of("r2", start + 900s)));
    EXPECT_GT(counters.releases(), before);
}

TEST(QuotaCounters, ACallThatHeldNoMoneyIsNoRelease) {
    QuotaCounters counters{MemoryQuotaOptions{}};
    ASSERT_TRUE(answers<Grant>(counters, demand_of("r1", start)));
    counters.settle(charge_of("r1", 0, start));
    EXPECT_EQ(counters.releases(), 0);
}

TEST(QuotaCounters, AnIdInUseByAnotherKeyIsAConflictNotAnAnswer) {
    QuotaCounters counters{MemoryQuotaOptions{}};
    ASSERT_TRUE(answers<Grant>(counters, demand_of("r1", start)));
    Demand stranger = demand_of("r1", start);
    stranger.key_id = base::KeyId("key_2");
    EXPECT_EQ(counters.reserve(stranger).error().code, base::ErrorCode::conflict);
}

TEST(QuotaCounters, AnEarlierClockOfAnotherThreadDoesNotBringAPlaceBack) {
    QuotaCounters counters{MemoryQuotaOptions{}};
    Demand demand = demand_of("r1", start + 1s);
    demand.rate_limit = 1;
    ASSERT_TRUE(answers<Grant>(counters, demand));
    demand.id = RequestId("r2");
    demand.now = start;
    EXPECT_TRUE(answers<Refusal>(counters, demand));
}

TEST(QuotaCounters, ForgetsKeysAccountsAndPursesThatNobodyUses) {
    QuotaCounters counters(MemoryQuotaOptions{.idle_time = 600s});
    for (int i = 0; i < 1'000; ++i) {
        const std::string number = std::to_string(i);
        Demand demand = demand_of("r" + number, start);
        demand.key_id = base::KeyId("key_" + number);
        demand.account_id = base::AccountId("acc_" + number);
        demand.purses = {Purse{.name = "b" + number, .cap = Money::of_micros(1)}};
        counters.warm({.name = "b" + number, .spent = Money()});
        ASSERT_TRUE(answers<Grant>(counters, demand));
        counters.settle(charge_of("r" + number, 0, start));
    }
    EXPECT_EQ(counters.sizes().keys, 1'000);
    for (int i = 0; i < 1'000; ++i) {
        const std::string id = "s" + std::to_string(i);
        ASSERT_TRUE(answers<Grant>(counters, demand_of(id, start + 601s)));
        counters.settle(charge_of(id, 0, start + 601s));
    }
    EXPECT_EQ(counters.sizes().keys, 1);
    EXPECT_EQ(counters.sizes().accounts, 1);
    EXPECT_EQ(counters.sizes().purses, 0);
    EXPECT_EQ(counters.sizes().reservations, 0);
}

TEST(QuotaCounters, ForgetsACallThatNeverEndsOnceItIsTooLateToSettle) {
    QuotaCounters counters(MemoryQuotaOptions{.idle_time = 600s, .late_time = 3'600s});
    counters.warm({.name = "b", .spent = Money()});
    ASSERT_TRUE(answers<Grant>(counters, demand_for_money("r1", 10, 100)));
    counters.settle(charge_of("none", 0, start + 900s));
    EXPECT_EQ(counters.sizes().reservations, 1); // lapsed, but its cost may still come
    counters.settle(charge_of("none", 0, start + 900s + 3'600s - 1ns));
    EXPECT_EQ(counters.sizes().reservations, 1);
    EXPECT_EQ(counters.sizes().purses, 1); // kept for that cost
    counters.settle(charge_of("none", 0, start + 900s + 3'600s));
    EXPECT_EQ(counters.sizes().reservations, 0);
    counters.settle(charge_of("none", 0, start + 900s + 3'600s + 600s));
    EXPECT_EQ(counters.sizes().purses, 0);
}

TEST(QuotaCounters, ACallMayBeAdmittedAgainAfterItsLeaseEnded) {
    QuotaCounters counters{MemoryQuotaOptions{}};
    counters.warm({.name = "b", .spent = Money()});
    Demand demand = demand_for_money("r1", 60, 100);
    ASSERT_TRUE(answers<Grant>(counters, demand));
    demand.now = start + 901s;
    ASSERT_TRUE(answers<Grant>(counters, demand));
    counters.settle(charge_of("r1", 60, demand.now));
    Demand rest = demand_for_money("r2", 41, 100);
    EXPECT_TRUE(answers<Refusal>(counters, rest));
    rest.bound = rest.minimum = Money::of_micros(40);
    EXPECT_TRUE(answers<Grant>(counters, rest));
}

TEST(QuotaCounters, ExtendsByTheNewestCapEvenOfARefusedDemand) {
    QuotaCounters counters{MemoryQuotaOptions{}};
    counters.warm({.name = "b", .spent = Money()});
    ASSERT_TRUE(answers<Grant>(counters, demand_for_money("r1", 60, 100)));
    ASSERT_TRUE(answers<Refusal>(counters, demand_for_money("r2", 60, 70))); // the budget was lowered
    EXPECT_EQ(counters.extend(RequestId("r1"), Money::of_micros(30)).micros(), 10);
}

TEST(QuotaCountersDeathTest, RefusesToForgetWindowsThatStillCount) {
    EXPECT_DEATH(QuotaCounters(MemoryQuotaOptions{.idle_time = 59s}), "idle_time");
}

TEST(QuotaCounters, APurseStaysUntilTheLedgerHasAllThatItWasCharged) {
    QuotaCounters counters{MemoryQuotaOptions{.idle_time = 600s}};
    counters.warm({.name = "b", .spent = Money()});
    ASSERT_TRUE(answers<Grant>(counters, demand_for_money("r1", 100, 100)));
    counters.settle(charge_of("r1", 100, start));
    // The ledger is away for an hour: asked now, it would say that nothing was spent.
    Demand late = demand_for_money("r2", 100, 100);
    late.now = start + 3'600s;
    EXPECT_TRUE(answers<Refusal>(counters, late));
    counters.warm({.name = "b", .spent = Money::of_micros(100)});
    EXPECT_TRUE(answers<Grant>(counters, demand_of("r3", start + 3'601s))); // looks for what is idle
    EXPECT_TRUE(answers<Grant>(counters, demand_of("r4", start + 7'200s)));
    late.now = start + 7'300s;
    EXPECT_TRUE(answers<domain::Cold>(counters, late));
}

} // namespace tollgate::storage
