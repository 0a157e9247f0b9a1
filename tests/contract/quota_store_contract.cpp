#include "contract/quota_store_contract.hpp"

namespace tollgate::tests {

using namespace std::chrono_literals;
using base::ErrorCode;
using base::Money;
using base::SteadyTime;
using domain::Charge;
using domain::Cold;
using domain::Decision;
using domain::Demand;
using domain::Grant;
using domain::Purse;
using domain::PurseKind;
using domain::QuotaNumbers;
using domain::Refusal;
using domain::Stale;

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(QuotaStoreContract);

Demand plain_demand(const std::string& id, SteadyTime now) {
    return Demand{.id = base::RequestId(id),
                  .key_id = base::KeyId("key_1"),
                  .account_id = base::AccountId("acc_1"),
                  .generation = 1,
                  .is_just_read = true,
                  .rate_limit = 1'000,
                  .account_concurrency = 100,
                  .lease = 900s,
                  .now = now};
}

Purse budget_purse(const std::string& name, std::int64_t cap_micros) {
    return Purse{.kind = PurseKind::budget, .name = name, .cap = Money::of_micros(cap_micros)};
}

Purse wallet_purse(const std::string& name, std::int64_t cap_micros) {
    return Purse{.kind = PurseKind::wallet, .name = name, .cap = Money::of_micros(cap_micros)};
}

Decision QuotaStoreContract::reserve(const Demand& demand) {
    auto decision = run_task(worker_.loop(), store_->reserve(demand));
    if (decision) return *std::move(decision);
    ADD_FAILURE() << decision.error().message;
    return Decision{};
}

Money QuotaStoreContract::extend(const std::string& id, std::int64_t micros) {
    const base::RequestId request(id);
    return run_task(worker_.loop(), store_->extend(request, Money::of_micros(micros))).value_or(Money());
}

void QuotaStoreContract::settle(const std::string& id, std::int64_t cost_micros, SteadyTime when) {
    store_->settle(Charge{.id = base::RequestId(id), .cost = Money::of_micros(cost_micros), .now = when});
}

void QuotaStoreContract::settle_tokens(const std::string& id, std::uint64_t tokens, SteadyTime when) {
    store_->settle(Charge{.id = base::RequestId(id), .tokens = tokens, .now = when});
}

void QuotaStoreContract::warm(const std::string& purse, std::int64_t spent_micros,
                              const std::string& account) {
    const base::AccountId whose(account);
    const ports::PurseTotal total{.name = purse, .spent = Money::of_micros(spent_micros)};
    constexpr std::uint64_t epoch = 1; // the only one of a store that has epochs
    EXPECT_TRUE(run_task(worker_.loop(), store_->warm(whose, total, epoch)).has_value());
}

Grant QuotaStoreContract::grant(const Demand& demand) {
    const Decision decision = reserve(demand);
    if (const auto* granted = std::get_if<Grant>(&decision)) return *granted;
    ADD_FAILURE() << demand.id.text() << " was not granted";
    return {};
}

Refusal QuotaStoreContract::refusal(const Demand& demand) {
    const Decision decision = reserve(demand);
    if (const auto* refused = std::get_if<Refusal>(&decision)) return *refused;
    ADD_FAILURE() << demand.id.text() << " was not refused";
    return {};
}

QuotaNumbers QuotaStoreContract::look_at(Purse purse, SteadyTime when) {
    const std::string id = "look_" + std::to_string(++looks_);
    Demand demand = plain_demand(id, when);
    demand.key_id = base::KeyId("key_of_the_observer");
    demand.account_concurrency = 0;
    demand.rate_limit = 10'000;
    purse.kind = PurseKind::budget;
    purse.cap = Money::maximum();
    demand.purses = {std::move(purse)};
    const QuotaNumbers numbers = grant(demand).numbers;
    settle(id, 0, when);
    return numbers;
}

// --- requests and tokens in the rolling minute

TEST_P(QuotaStoreContract, GrantsADemandThatFitsAndTellsTheNumbers) {
    warm("b", 40);
    Demand demand = plain_demand("r1", now);
    demand.rate_limit = 60;
    demand.token_limit = 1'000;
    demand.tokens = 300;
    demand.purses = {budget_purse("b", 100)};
    demand.purses[0].resets_in = 3'600s;
    demand.bound = Money::of_micros(25);
    const Grant granted = grant(demand);
    EXPECT_EQ(granted.amount.micros(), 25);
    EXPECT_EQ(granted.numbers.requests_limit, 60);
    EXPECT_EQ(granted.numbers.requests_remaining, 59);
    EXPECT_EQ(granted.numbers.requests_reset, 60s);
    EXPECT_EQ(granted.numbers.tokens_limit, 1'000);
    EXPECT_EQ(granted.numbers.tokens_remaining, 700);
    EXPECT_EQ(granted.numbers.tokens_reset, 60s);
    EXPECT_EQ(granted.numbers.budget, Money::of_micros(100));
    EXPECT_EQ(granted.numbers.spent.micros(), 40);
    EXPECT_EQ(granted.numbers.reserved.micros(), 25);
    EXPECT_EQ(granted.numbers.budget_resets_in, 3'600s);
}

TEST_P(QuotaStoreContract, RefusesRequestsAboveTheLimitUntilExactlyAPlaceIsFree) {
    for (const char* id : {"r1", "r2"}) {
        Demand demand = plain_demand(id, now);
        demand.rate_limit = 2;
        grant(demand);
        now += 10s;
    }
    Demand third = plain_demand("r3", now);
    third.rate_limit = 2;
    const Refusal refused = refusal(third);
    EXPECT_EQ(refused.reason, ErrorCode::requests_per_minute);
    EXPECT_EQ(refused.retry_after, 40s);
    EXPECT_EQ(refused.numbers.requests_remaining, 0);
    EXPECT_EQ(refused.numbers.requests_reset, 50s);
    third.now = now + 40s - 1ms;
    EXPECT_EQ(refusal(third).retry_after, 1ms);
    third.now = now + 40s;
    grant(third);
}

TEST_P(QuotaStoreContract, RefusesTokensAboveTheLimitUntilExactlyEnoughHasLeft) {
    const auto demand_of = [&](const char* id, std::uint64_t tokens) {
        Demand demand = plain_demand(id, now);
        demand.token_limit = 100;
        demand.tokens = tokens;
        return demand;
    };
    grant(demand_of("r1", 60));
    now += 10s;
    grant(demand_of("r2", 30));
    Demand third = demand_of("r3", 11);
    const Refusal refused = refusal(third);
    EXPECT_EQ(refused.reason, ErrorCode::tokens_per_minute);
    EXPECT_EQ(refused.retry_after, 50s);
    EXPECT_EQ(refused.numbers.tokens_remaining, 10);
    EXPECT_EQ(refused.numbers.requests_remaining, 998); // it took no place among the requests
    third.now = now + 50s - 1ms;
    EXPECT_EQ(refusal(third).retry_after, 1ms);
    third.now = now + 50s;
    grant(third);
}

TEST_P(QuotaStoreContract, ACallOfMoreTokensThanTheLimitCanNeverPassAndSaysSo) {
    Demand demand = plain_demand("r1", now);
    demand.token_limit = 100;
    demand.tokens = 101;
    const Refusal refused = refusal(demand);
    EXPECT_EQ(refused.reason, ErrorCode::tokens_per_minute);
    EXPECT_EQ(refused.detail, "call");
    EXPECT_EQ(refused.retry_after, 0ms);
}

TEST_P(QuotaStoreContract, SettlingReplacesTheEstimatedTokens) {
    Demand demand = plain_demand("r1", now);
    demand.token_limit = 100;
    demand.tokens = 90;
    grant(demand);
    settle_tokens("r1", 20, now + 5s);
    demand.id = base::RequestId("r2");
    demand.now = now + 5s;
    demand.tokens = 80;
    EXPECT_EQ(grant(demand).numbers.tokens_remaining, 0);
}

// --- places in flight

TEST_P(QuotaStoreContract, RefusesCallsAboveTheAccountsPlacesWhateverTheKey) {
    Demand demand = plain_demand("r1", now);
    demand.account_concurrency = 2;
    grant(demand);
    demand.id = base::RequestId("r2");
    demand.key_id = base::KeyId("key_2");
    grant(demand);
    demand.id = base::RequestId("r3");
    const Refusal refused = refusal(demand);
    EXPECT_EQ(refused.reason, ErrorCode::concurrency);
    EXPECT_EQ(refused.detail, "account");
    settle("r1", 0, now);
    grant(demand);
}

TEST_P(QuotaStoreContract, RefusesCallsAboveTheKeysPlaces) {
    Demand demand = plain_demand("r1", now);
    demand.key_concurrency = 1;
    grant(demand);
    demand.id = base::RequestId("r2");
    const Refusal refused = refusal(demand);
    EXPECT_EQ(refused.reason, ErrorCode::concurrency);
    EXPECT_EQ(refused.detail, "key");
    demand.key_id = base::KeyId("key_2");
    grant(demand);
}

TEST_P(QuotaStoreContract, AnAccountConcurrencyOfZeroIsNoLimit) {
    for (int i = 0; i < 200; ++i) {
        Demand demand = plain_demand("r" + std::to_string(i), now);
        demand.account_concurrency = 0;
        grant(demand);
    }
}

// --- idempotence, generations, leases

TEST_P(QuotaStoreContract, ARepeatWithTheSameIdGetsTheSameAnswerAndCountsOnce) {
    warm("b", 0);
    Demand demand = plain_demand("r1", now);
    demand.purses = {budget_purse("b", 100)};
    demand.bound = Money::of_micros(70);
    const Grant first = grant(demand);
    const Grant second = grant(demand);
    EXPECT_EQ(second.amount, first.amount);
    EXPECT_EQ(second.numbers.requests_remaining, first.numbers.requests_remaining);
    EXPECT_EQ(look_at(demand.purses[0], now).reserved.micros(), 70);
}

TEST_P(QuotaStoreContract, ASecondSettlementOfTheSameCallDoesNothing) {
    warm("b", 0);
    Demand demand = plain_demand("r1", now);
    demand.purses = {budget_purse("b", 100)};
    demand.bound = Money::of_micros(70);
    grant(demand);
    settle("r1", 50, now);
    settle("r1", 50, now);
    settle("unknown", 50, now);
    const QuotaNumbers numbers = look_at(demand.purses[0], now);
    EXPECT_EQ(numbers.spent.micros(), 50);
    EXPECT_EQ(numbers.reserved.micros(), 0);
}

TEST_P(QuotaStoreContract, ADemandOfAnOlderGenerationIsStaleAndCountsNowhere) {
    Demand demand = plain_demand("r1", now);
    demand.generation = 5;
    EXPECT_EQ(grant(demand).numbers.requests_remaining, 999);
    demand.id = base::RequestId("r2");
    demand.generation = 4;
    EXPECT_TRUE(std::holds_alternative<Stale>(reserve(demand)));
    demand.generation = 6;
    EXPECT_EQ(grant(demand).numbers.requests_remaining, 998);
}

TEST_P(QuotaStoreContract, AReservationWhoseLeaseIsOverFreesMoneyAndPlaces) {
    warm("b", 0);
    Demand demand = plain_demand("r1", now);
    demand.purses = {budget_purse("b", 100)};
    demand.bound = demand.minimum = Money::of_micros(100);
    demand.account_concurrency = 1;
    demand.lease = 30s;
    grant(demand);
    demand.id = base::RequestId("r2");
    demand.now = now + 30s - 1ms;
    EXPECT_EQ(refusal(demand).reason, ErrorCode::concurrency);
    demand.now = now + 30s;
    EXPECT_EQ(grant(demand).numbers.reserved.micros(), 100);
}

TEST_P(QuotaStoreContract, ASettlementAfterTheLeaseStillAddsTheCostOnce) {
    warm("b", 0);
    Demand demand = plain_demand("r1", now);
    demand.purses = {budget_purse("b", 100)};
    demand.bound = Money::of_micros(60);
    demand.lease = 30s;
    grant(demand);
    EXPECT_EQ(look_at(demand.purses[0], now + 31s).reserved.micros(), 0);
    EXPECT_EQ(extend("r1", 10).micros(), 0);
    settle("r1", 45, now + 32s);
    settle("r1", 45, now + 33s);
    const QuotaNumbers numbers = look_at(demand.purses[0], now + 34s);
    EXPECT_EQ(numbers.spent.micros(), 45);
    EXPECT_EQ(numbers.reserved.micros(), 0);
}

} // namespace tollgate::tests
