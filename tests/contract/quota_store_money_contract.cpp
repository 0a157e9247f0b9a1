// The part of the QuotaStore contract that is about money; the rest and the fixture are in
// quota_store_contract.cpp.
#include "contract/quota_model.hpp"
#include "contract/quota_store_contract.hpp"

namespace tollgate::tests {

using namespace std::chrono_literals;
using base::ErrorCode;
using base::Money;
using domain::Cold;
using domain::Decision;
using domain::Demand;
using domain::Grant;
using domain::QuotaNumbers;
using domain::Refusal;

namespace {

Demand demand_for(const std::string& id, base::SteadyTime now, std::int64_t minimum, std::int64_t bound) {
    Demand demand = plain_demand(id, now);
    demand.minimum = Money::of_micros(minimum);
    demand.bound = Money::of_micros(bound);
    return demand;
}

} // namespace

TEST_P(QuotaStoreContract, NamesThePursesThatItDoesNotKnowAndCountsNothing) {
    warm("b", 0);
    Demand demand = demand_for("r1", now, 1, 10);
    demand.purses = {wallet_purse("w", 100), budget_purse("b", 100)};
    const Decision decision = reserve(demand);
    ASSERT_TRUE(std::holds_alternative<Cold>(decision));
    EXPECT_EQ(std::get<Cold>(decision).purses, std::vector<std::string>{"w"});
    warm("w", 0);
    const Grant granted = grant(demand);
    EXPECT_EQ(granted.numbers.requests_remaining, 999);
    EXPECT_EQ(granted.numbers.reserved.micros(), 10);
}

TEST_P(QuotaStoreContract, ATotalFromTheLedgerRaisesWhatWasCountedButNeverLowersIt) {
    warm("b", 40);
    warm("b", 30);
    EXPECT_EQ(look_at(budget_purse("b", 0), now).spent.micros(), 40);
    warm("b", 60);
    EXPECT_EQ(look_at(budget_purse("b", 0), now).spent.micros(), 60);
}

TEST_P(QuotaStoreContract, SetsAsideWhatIsLeftWhenThatIsLessThanTheBound) {
    warm("b", 40);
    Demand demand = demand_for("r1", now, 20, 100);
    demand.purses = {budget_purse("b", 100)};
    EXPECT_EQ(grant(demand).amount.micros(), 60);
}

TEST_P(QuotaStoreContract, TheShorterPurseDecidesHowMuchIsSetAside) {
    warm("b", 0);
    warm("w", 70);
    Demand demand = demand_for("r1", now, 20, 100);
    demand.purses = {budget_purse("b", 100), wallet_purse("w", 100)};
    EXPECT_EQ(grant(demand).amount.micros(), 30);
    EXPECT_EQ(look_at(demand.purses[0], now).reserved.micros(), 30);
    EXPECT_EQ(look_at(demand.purses[1], now).reserved.micros(), 30);
}

TEST_P(QuotaStoreContract, TellsABudgetThatIsSpentFromOneThatIsSetAside) {
    warm("b", 40);
    Demand first = demand_for("r1", now, 50, 50);
    first.purses = {budget_purse("b", 100)};
    first.purses[0].resets_in = 90s;
    grant(first);
    Demand second = demand_for("r2", now, 20, 20);
    second.purses = first.purses;
    const Refusal waiting = refusal(second);
    EXPECT_EQ(waiting.reason, ErrorCode::budget_reserved);
    EXPECT_EQ(waiting.retry_after, 0ms);
    EXPECT_EQ(waiting.numbers.spent.micros(), 40);
    EXPECT_EQ(waiting.numbers.reserved.micros(), 50);
    settle("r1", 50, now);
    const Refusal over = refusal(second);
    EXPECT_EQ(over.reason, ErrorCode::budget_exceeded);
    EXPECT_EQ(over.retry_after, 90s);
    EXPECT_EQ(over.numbers.budget, Money::of_micros(100));
    EXPECT_EQ(over.numbers.spent.micros(), 90);
    EXPECT_EQ(over.numbers.reserved.micros(), 0);
}

TEST_P(QuotaStoreContract, ReportsTheBudgetBeforeTheWalletAndPrintsThePurseThatBinds) {
    warm("b", 100);
    warm("w", 50);
    Demand demand = demand_for("r1", now, 10, 10);
    demand.purses = {wallet_purse("w", 50), budget_purse("b", 100)};
    EXPECT_EQ(refusal(demand).reason, ErrorCode::budget_exceeded);
    demand.purses[1].cap = Money::of_micros(200);
    const Refusal empty = refusal(demand);
    EXPECT_EQ(empty.reason, ErrorCode::wallet_empty);
    EXPECT_EQ(empty.numbers.budget, Money::of_micros(50));
    EXPECT_EQ(empty.numbers.spent.micros(), 50);
}

TEST_P(QuotaStoreContract, ATopUpCountsFromTheNextDemandOn) {
    warm("w", 100);
    Demand demand = demand_for("r1", now, 10, 10);
    demand.purses = {wallet_purse("w", 100)};
    EXPECT_EQ(refusal(demand).reason, ErrorCode::wallet_empty);
    demand.purses[0].cap = Money::of_micros(110);
    EXPECT_EQ(grant(demand).amount.micros(), 10);
}

TEST_P(QuotaStoreContract, ARefusedDemandCountsNowhere) {
    warm("b", 100);
    Demand poor = demand_for("r1", now, 10, 10);
    poor.purses = {budget_purse("b", 100)};
    poor.account_concurrency = 1;
    poor.token_limit = 100;
    poor.tokens = 60;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(refusal(poor).reason, ErrorCode::budget_exceeded);
    Demand next = plain_demand("r2", now);
    next.account_concurrency = 1;
    next.token_limit = 100;
    next.tokens = 60;
    const Grant granted = grant(next);
    EXPECT_EQ(granted.numbers.requests_remaining, 999);
    EXPECT_EQ(granted.numbers.tokens_remaining, 40);
    EXPECT_EQ(look_at(poor.purses[0], now).reserved.micros(), 0);
}

TEST_P(QuotaStoreContract, ExtendsUpToWhatEveryPurseHasLeft) {
    warm("b", 0);
    warm("w", 0);
    Demand demand = demand_for("r1", now, 10, 40);
    demand.purses = {budget_purse("b", 100), wallet_purse("w", 70)};
    grant(demand);
    EXPECT_EQ(extend("r1", 20).micros(), 20);
    EXPECT_EQ(extend("r1", 20).micros(), 10);
    EXPECT_EQ(extend("r1", 20).micros(), 0);
    EXPECT_EQ(extend("r1", -5).micros(), 0);
    EXPECT_EQ(extend("unknown", 20).micros(), 0);
    EXPECT_EQ(look_at(demand.purses[0], now).reserved.micros(), 70);
    settle("r1", 65, now);
    EXPECT_EQ(look_at(demand.purses[1], now).spent.micros(), 65);
    EXPECT_EQ(look_at(demand.purses[1], now).reserved.micros(), 0);
}

TEST_P(QuotaStoreContract, WhatWasAddedEndsWithTheReservationAndAnEndedOneIsNotExtended) {
    warm("b", 0);
    Demand demand = demand_for("r1", now, 10, 40);
    demand.purses = {budget_purse("b", 100)};
    demand.lease = 30s;
    grant(demand);
    EXPECT_EQ(extend("r1", 50).micros(), 50);
    const auto later = now + 31s;
    EXPECT_EQ(look_at(demand.purses[0], later).reserved.micros(), 0);
    EXPECT_EQ(extend("r1", 5).micros(), 0);
    settle("r1", 90, later);
    EXPECT_EQ(look_at(demand.purses[0], later).spent.micros(), 90);
    EXPECT_EQ(extend("r1", 5).micros(), 0);
    EXPECT_EQ(look_at(demand.purses[0], later).reserved.micros(), 0);
}

TEST_P(QuotaStoreContract, ACallWithoutPursesIsGrantedItsBound) {
    EXPECT_EQ(grant(demand_for("r1", now, 10, 40)).amount.micros(), 40);
    EXPECT_EQ(extend("r1", 20).micros(), 20);
    settle("r1", 55, now);
}

// --- random histories, compared with a model that keeps everything

void QuotaStoreContract::follow(QuotaModel& model, const QuotaEvent& event) {
    model.advance(event.now);
    const base::RequestId& id = event.demand.id;
    if (event.kind == QuotaEvent::Kind::settle) {
        settle(id.text(), event.amount.micros(), event.now);
        model.settle(id, event.amount);
    } else if (event.kind == QuotaEvent::Kind::extend) {
        ASSERT_EQ(extend(id.text(), event.amount.micros()), model.extend(id, event.amount));
    } else {
        ASSERT_EQ(describe(reserve(event.demand)), describe(model.reserve(event.demand)));
    }
}

TEST_P(QuotaStoreContract, DecidesAsTheModelDoesOverRandomHistories) {
    std::map<ErrorCode, int> refusals;
    for (const auto late : {LateCosts::none, LateCosts::some, LateCosts::none, LateCosts::some}) {
        QuotaModel model;
        QuotaHistory history(++seed_, now, late);
        for (const auto& purse : history.purses()) warm(purse.name, 0, history.account().text());
        for (int i = 0; i < 2'500; ++i) {
            SCOPED_TRACE(::testing::Message() << "seed " << seed_ << " step " << i);
            follow(model, history.next(model));
            if (HasFatalFailure()) return;
            // What is charged after its lease was over can no longer be kept under the cap.
            if (late == LateCosts::none) ASSERT_TRUE(model.keeps_every_cap());
        }
        EXPECT_GT(model.granted(), 200);
        for (const auto& [reason, times] : model.refusals()) refusals[reason] += times;
        now += 24h; // the next history finds nothing of this one
    }
    using enum ErrorCode;
    for (const auto reason : {requests_per_minute, tokens_per_minute, concurrency, budget_reserved,
                              budget_exceeded, wallet_empty}) {
        EXPECT_GT(refusals[reason], 20) << to_string(reason);
    }
}

} // namespace tollgate::tests
