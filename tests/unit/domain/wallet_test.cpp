#include "tollgate/domain/wallet.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace tollgate::domain {

using base::Money;
using base::WallTime;
using namespace std::chrono_literals;

namespace {

Money rupees(std::int64_t amount) {
    return Money::of_micros(amount * Money::units_per_one);
}

WallTime at(int minute) {
    return WallTime(std::chrono::minutes(minute));
}

LotState lot(std::int64_t sequence, Money amount, std::optional<WallTime> expires_at = std::nullopt) {
    return {.sequence = sequence, .amount = amount, .expires_at = expires_at};
}

} // namespace

TEST(Wallet, ConsumesTheOldestLotFirstAndSpansLots) {
    std::vector lots = {lot(1, rupees(500)), lot(2, rupees(300))};
    EXPECT_EQ(consume(lots, rupees(600), at(0)), Money{});
    EXPECT_EQ(lots[0].remaining(), Money{});
    EXPECT_EQ(lots[1].remaining(), rupees(200));
    EXPECT_EQ(wallet_of(lots, {}, at(0)),
              (Wallet{.cap = rupees(800), .spent = rupees(600), .balance = rupees(200)}));
}

TEST(Wallet, SkipsALotThatHadExpiredWhenTheCallBegan) {
    std::vector lots = {lot(1, rupees(500), at(10)), lot(2, rupees(300))};
    EXPECT_EQ(consume(lots, rupees(100), at(10)), Money{});
    EXPECT_EQ(lots[0].remaining(), rupees(500));
    EXPECT_EQ(lots[1].remaining(), rupees(200));
}

TEST(Wallet, ChargesTheLotThatWasGoodWhenTheCallBeganEvenIfItExpiredMeanwhile) {
    std::vector lots = {lot(1, rupees(500), at(10)), lot(2, rupees(300))};
    EXPECT_EQ(consume(lots, rupees(100), at(9)), Money{});
    EXPECT_EQ(lots[0].remaining(), rupees(400));
}

TEST(Wallet, GivesBackToTheLotsThatWereConsumedLast) {
    std::vector lots = {lot(1, rupees(500)), lot(2, rupees(300)), lot(3, rupees(200))};
    consume(lots, rupees(600), at(0));
    EXPECT_EQ(give_back(lots, rupees(150)), Money{});
    EXPECT_EQ(lots[1].consumed, Money{});
    EXPECT_EQ(lots[0].consumed, rupees(450));
    EXPECT_EQ(give_back(lots, rupees(451)), rupees(1));
    EXPECT_EQ(lots[0].consumed, Money{});
}

TEST(Wallet, CountsOfAnExpiredLotOnlyWhatWasConsumed) {
    std::vector lots = {lot(1, rupees(500), at(10)), lot(2, rupees(300))};
    consume(lots, rupees(120), at(0));
    EXPECT_EQ(wallet_of(lots, {}, at(9)).balance, rupees(680));
    EXPECT_EQ(
        wallet_of(lots, {}, at(10)),
        (Wallet{.cap = rupees(420), .spent = rupees(120), .balance = rupees(300), .expired = rupees(380)}));
}

TEST(Wallet, TellsWhatNoLotCovered) {
    std::vector lots = {lot(1, rupees(5))};
    EXPECT_EQ(consume(lots, rupees(7), at(0)), rupees(2));
    const auto wallet = wallet_of(lots, rupees(2), at(0));
    EXPECT_EQ(wallet.spent, rupees(7));
    EXPECT_EQ(wallet.balance, rupees(-2));
    EXPECT_EQ(wallet.debt, rupees(2));
}

TEST(Wallet, LosesNothingOnAnyRandomHistory) {
    std::mt19937 random(7);
    const auto number = [&random](int limit) {
        return static_cast<int>(random() % static_cast<unsigned>(limit));
    };
    for (int round = 0; round < 500; ++round) {
        std::vector<LotState> lots;
        Money charged;
        Money debt;
        for (int step = 0; step < 40; ++step) {
            if (number(4) == 0) {
                const auto expiry = number(2) == 0 ? std::optional<WallTime>() : at(step + number(20));
                lots.push_back(lot(step, Money::of_micros(1 + number(1000)), expiry));
            }
            const Money cost = Money::of_micros(number(200));
            charged += cost;
            debt += consume(lots, cost, at(step));
            const auto wallet = wallet_of(lots, debt, at(step));
            ASSERT_EQ(wallet.spent, charged);
            ASSERT_EQ(wallet.balance, wallet.cap - charged);
            for (const LotState& each : lots) {
                ASSERT_FALSE(each.remaining().is_negative());
                ASSERT_FALSE(each.consumed.is_negative());
            }
        }
    }
}

} // namespace tollgate::domain
