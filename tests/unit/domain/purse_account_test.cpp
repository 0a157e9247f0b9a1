#include "tollgate/domain/purse_account.hpp"

#include <gtest/gtest.h>
#include <random>

namespace tollgate::domain {

namespace {

using base::Money;

Money micros(std::int64_t value) {
    return Money::of_micros(value);
}

PurseAccount account_with(Money spent, Money reserved) {
    PurseAccount account;
    account.raise_spent_to(spent);
    account.hold(reserved);
    return account;
}

} // namespace

TEST(PurseAccount, LeavesWhatIsNeitherSpentNorSetAside) {
    EXPECT_EQ(account_with(micros(0), micros(0)).left(micros(100)), micros(100));
    EXPECT_EQ(account_with(micros(30), micros(20)).left(micros(100)), micros(50));
    EXPECT_EQ(account_with(micros(80), micros(20)).left(micros(100)), micros(0));
}

TEST(PurseAccount, NothingIsLeftUnderACapThatWasLowered) {
    EXPECT_EQ(account_with(micros(80), micros(20)).left(micros(50)), micros(0));
    EXPECT_EQ(account_with(micros(80), micros(20)).left(micros(-50)), micros(0));
    EXPECT_EQ(account_with(Money::maximum(), micros(0)).left(micros(INT64_MIN)), micros(0));
}

TEST(PurseAccount, TellsMoneySetAsideFromMoneySpent) {
    const PurseAccount account = account_with(micros(60), micros(30));
    EXPECT_EQ(account.find_shortage(micros(10), micros(100)), std::nullopt);
    EXPECT_EQ(account.find_shortage(micros(11), micros(100)), Shortage::reserved);
    EXPECT_EQ(account.find_shortage(micros(40), micros(100)), Shortage::reserved);
    EXPECT_EQ(account.find_shortage(micros(41), micros(100)), Shortage::spent);
}

TEST(PurseAccount, ACallThatCostsNothingPassesAFullPurseButNotAnOverdrawnOne) {
    EXPECT_EQ(account_with(micros(100), micros(0)).find_shortage(micros(0), micros(100)), std::nullopt);
    EXPECT_EQ(account_with(micros(101), micros(0)).find_shortage(micros(0), micros(100)), Shortage::spent);
}

TEST(PurseAccount, FiguresThatDoNotFitAreAShortageNeverAGrant) {
    const PurseAccount full = account_with(Money::maximum(), micros(0));
    EXPECT_EQ(full.find_shortage(micros(1), Money::maximum()), Shortage::spent);
    const PurseAccount held = account_with(micros(10), Money::maximum());
    EXPECT_EQ(held.find_shortage(micros(1), Money::maximum()), Shortage::reserved);
    EXPECT_EQ(held.left(Money::maximum()), micros(0));
}

TEST(PurseAccount, SettlingFreesWhatWasHeldAndAddsTheCost) {
    PurseAccount account = account_with(micros(10), micros(50));
    account.release(micros(50));
    account.charge(micros(20));
    EXPECT_EQ(account.spent(), micros(30));
    EXPECT_EQ(account.reserved(), micros(0));
}

TEST(PurseAccount, ACostPastTheCapIsNotLost) {
    PurseAccount account = account_with(micros(90), micros(0));
    account.charge(micros(20));
    EXPECT_EQ(account.spent(), micros(110));
    account.charge(Money::maximum());
    EXPECT_EQ(account.spent(), Money::maximum());
}

TEST(PurseAccount, ATotalFromTheLedgerNeverLowersTheCount) {
    PurseAccount account = account_with(micros(50), micros(0));
    account.raise_spent_to(micros(40));
    EXPECT_EQ(account.spent(), micros(50));
    account.raise_spent_to(micros(60));
    EXPECT_EQ(account.spent(), micros(60));
}

TEST(PurseAccountDeathTest, BooksThatDoNotAddUpEndTheProcess) {
    EXPECT_DEATH(account_with(micros(0), micros(5)).release(micros(6)), "amount <= reserved_");
    EXPECT_DEATH(account_with(micros(0), micros(0)).hold(micros(-1)), "is_negative");
    EXPECT_DEATH(account_with(micros(0), micros(0)).charge(micros(-1)), "is_negative");
    EXPECT_DEATH(account_with(micros(0), Money::maximum()).hold(micros(1)), "has_value");
}

TEST(PurseAccount, NoShortageMeansThatTheMinimumIsLeft) {
    std::mt19937_64 random(5);
    const auto any_money = [&] {
        const auto shift = static_cast<unsigned>(1 + random() % 63);
        return micros(static_cast<std::int64_t>(random() >> shift));
    };
    for (int i = 0; i < 100'000; ++i) {
        const PurseAccount account = account_with(any_money(), any_money());
        const Money minimum = any_money();
        const Money cap = any_money();
        const bool fits = !account.find_shortage(minimum, cap).has_value();
        const bool is_left = account.left(cap) >= minimum;
        // An overdrawn purse has nothing left, which covers a minimum of zero.
        ASSERT_EQ(fits, is_left && account.spent() + account.reserved() <= cap);
    }
}

} // namespace tollgate::domain
