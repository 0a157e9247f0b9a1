#include "tollgate/storage/memory_quota_store.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace tollgate::storage {

namespace {

using namespace std::chrono_literals;
using base::Money;
using base::RequestId;
using base::SteadyTime;
using domain::Charge;
using domain::Decision;
using domain::Demand;
using domain::Grant;
using domain::Purse;
using domain::Refusal;
using domain::Stale;

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
bool answers(MemoryQuotaState& state, const Demand& demand) {
    const auto decision = state.reserve(demand);
    return decision.has_value() && std::holds_alternative<Answer>(*decision);
}

} // namespace

TEST(MemoryQuotaState, ManyThreadsGetExactlyTheLimit) {
    MemoryQuotaState state;
    std::atomic<int> granted = 0;
    const auto hammer = [&](int thread) {
        for (int i = 0; i < 10'000; ++i) {
            Demand demand = demand_of(std::to_string(thread) + "_" + std::to_string(i), start);
            demand.rate_limit = 5'000;
            if (answers<Grant>(state, demand)) ++granted;
        }
    };
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 8; ++thread) threads.emplace_back(hammer, thread);
    threads.clear();
    EXPECT_EQ(granted, 5'000);
}

TEST(MemoryQuotaState, ManyThreadsNeverSpendMoreThanTheCapNorLeaveMoneyUnused) {
    MemoryQuotaState state;
    state.warm({.name = "b", .spent = Money()});
    std::atomic<std::int64_t> spent = 0;
    const auto hammer = [&](int thread) {
        for (int i = 0; i < 2'000; ++i) {
            const std::string id = std::to_string(thread) + "_" + std::to_string(i);
            Demand demand = demand_for_money(id, 10, 50'000);
            demand.key_id = base::KeyId("key_" + std::to_string(thread));
            if (!answers<Grant>(state, demand)) continue;
            state.settle(charge_of(id, 10, start));
            spent += 10;
        }
    };
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 8; ++thread) threads.emplace_back(hammer, thread);
    threads.clear();
    EXPECT_EQ(spent, 50'000);
}

TEST(MemoryQuotaState, TellsWhenMoneyCameFree) {
    MemoryQuotaState state;
    state.warm({.name = "b", .spent = Money()});
    ASSERT_TRUE(answers<Grant>(state, demand_for_money("r1", 100, 100)));
    ASSERT_TRUE(answers<Refusal>(state, demand_for_money("r2", 40, 100)));
    const auto before = state.releases();
    state.settle(charge_of("unknown", 0, start));
    EXPECT_EQ(state.releases(), before);
    state.settle(charge_of("r1", 50, start));
    EXPECT_GT(state.releases(), before);
    EXPECT_TRUE(answers<Grant>(state, demand_for_money("r2", 40, 100)));
}

TEST(MemoryQuotaState, AGenerationThatWasLearnedMakesOlderRecordsStale) {
    MemoryQuotaState state;
    ASSERT_TRUE(answers<Grant>(state, demand_of("r1", start)));
    state.learn_generation(base::KeyId("key_1"), 3);
    state.learn_generation(base::KeyId("key_1"), 2); // news may come in any order
    Demand demand = demand_of("r2", start);
    demand.generation = 2;
    EXPECT_TRUE(answers<Stale>(state, demand));
    demand.generation = 3;
    EXPECT_TRUE(answers<Grant>(state, demand));
}

} // namespace tollgate::storage
