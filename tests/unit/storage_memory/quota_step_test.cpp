#include "storage/memory/quota_step.hpp"

#include <gtest/gtest.h>

namespace tollgate::storage {

namespace {

using namespace std::chrono_literals;
using base::ErrorCode;
using base::Money;
using base::SteadyTime;
using domain::Cold;
using domain::Demand;
using domain::Purse;
using domain::PurseKind;
using domain::Refusal;

const SteadyTime start = SteadyTime(1'000h);

/// Counters at which a demand can be made to fail in every way at once; each test mends one after the other.
class Desk {
public:
    Desk() {
        demand_.rate_limit = 1;
        demand_.token_limit = 100;
        demand_.tokens = 50;
        demand_.account_concurrency = 1;
        demand_.key_concurrency = 1;
        demand_.purses = {Purse{.kind = PurseKind::wallet, .name = "w", .cap = Money::of_micros(100)},
                          Purse{.kind = PurseKind::budget, .name = "b", .cap = Money::of_micros(100)}};
        demand_.minimum = Money::of_micros(10);
        demand_.bound = Money::of_micros(60);
        key_.entry.requests.admit(start);
        key_.entry.tokens.admit(60, start);
        key_.entry.in_flight = 1;
        account_.entry.in_flight = 1;
        wallet_.entry.account.raise_spent_to(Money::of_micros(95));
        budget_.entry.account.raise_spent_to(Money::of_micros(50));
        budget_.entry.account.hold(Money::of_micros(45));
    }

    QuotaStep step() {
        return {.demand = demand_, .now = start, .key = key_, .account = account_, .purses = purses_};
    }
    std::optional<domain::Decision> decide() {
        QuotaStep now = step();
        return find_refusal(now);
    }
    Refusal refusal() { return std::get<Refusal>(decide().value()); }

    Demand demand_;
    KeyNode key_;
    AccountNode account_;
    PurseNode wallet_;
    PurseNode budget_;
    std::vector<PurseNode*> purses_{&wallet_, nullptr};
};

} // namespace

TEST(QuotaStep, FindsWhatStandsAgainstADemandInTheOrderOfTheContract) {
    Desk desk;
    EXPECT_EQ(desk.refusal().reason, ErrorCode::requests_per_minute);
    desk.demand_.rate_limit = 2;
    EXPECT_EQ(desk.refusal().reason, ErrorCode::tokens_per_minute);
    desk.demand_.tokens = 40;
    EXPECT_EQ(desk.refusal().detail, "account");
    desk.demand_.account_concurrency = 2;
    EXPECT_EQ(desk.refusal().detail, "key");
    desk.demand_.key_concurrency = 2;
    EXPECT_EQ(std::get<Cold>(desk.decide().value()).purses, std::vector<std::string>{"b"});
    desk.purses_[1] = &desk.budget_;
    EXPECT_EQ(desk.refusal().reason, ErrorCode::budget_reserved);
    desk.budget_.entry.account.release(Money::of_micros(45));
    EXPECT_EQ(desk.refusal().reason, ErrorCode::wallet_empty);
    desk.demand_.purses[0].cap = Money::of_micros(105);
    EXPECT_FALSE(desk.decide().has_value());
    EXPECT_EQ(amount_to_hold(desk.step()).micros(), 10);
}

TEST(QuotaStep, LooksWithoutCounting) {
    Desk desk;
    desk.demand_.rate_limit = 2;
    for (int i = 0; i < 3; ++i) EXPECT_EQ(desk.refusal().numbers.requests_remaining, 1);
    EXPECT_EQ(desk.refusal().numbers.tokens_remaining, 40);
    EXPECT_EQ(desk.account_.entry.in_flight, 1);
}

TEST(QuotaStep, PrintsTheBudgetWheneverItIsKnown) {
    Desk desk;
    EXPECT_FALSE(desk.refusal().numbers.budget.has_value());
    desk.purses_[1] = &desk.budget_;
    const auto numbers = desk.refusal().numbers;
    EXPECT_EQ(numbers.budget, Money::of_micros(100));
    EXPECT_EQ(numbers.spent.micros(), 50);
    EXPECT_EQ(numbers.reserved.micros(), 45);
}

TEST(QuotaStep, ALimitOfNoRequestsAtAllPromisesNoWait) {
    Desk desk;
    desk.demand_.rate_limit = 0;
    EXPECT_EQ(desk.refusal().reason, ErrorCode::requests_per_minute);
    EXPECT_EQ(desk.refusal().retry_after, 0ms);
}

TEST(QuotaStep, SetsNothingAsideForABoundBelowZero) {
    Desk desk;
    desk.purses_[1] = &desk.budget_;
    desk.demand_.bound = desk.demand_.minimum = Money::of_micros(-5);
    EXPECT_EQ(amount_to_hold(desk.step()), Money());
}

} // namespace tollgate::storage
