// Ledger::correct of every adapter: costs are put right with all that follows from them, and verify() holds.
#pragma once

#include "contract/ledger_contract.hpp"

#include <map>

namespace tollgate::testing {

/// Of a call that began when full_event() did.
inline domain::CostCorrection correction_of(const std::string& id, base::Money before, base::Money after) {
    return {.request_id = base::RequestId(id),
            .started_at = full_event(id).started_at,
            .before = before,
            .after = after,
            .usd_rate = "90.5"};
}

inline domain::Repricing repricing_of(std::vector<domain::CostCorrection> corrections) {
    return {.at = time_at("2026-12-01T00:00:00Z"),
            .price_version = "prices-8",
            .note = "the price of November",
            .corrections = std::move(corrections)};
}

class LedgerCorrectionContract : public LedgerContract {
protected:
    std::vector<domain::PurseTotal> correct(std::vector<domain::CostCorrection> corrections) {
        auto totals = ledger().correct(repricing_of(std::move(corrections)));
        EXPECT_TRUE(totals.has_value()) << totals.error().message;
        return totals.value_or(std::vector<domain::PurseTotal>());
    }
    base::ErrorCode fault(std::vector<domain::CostCorrection> corrections) {
        const auto totals = ledger().correct(repricing_of(std::move(corrections)));
        return totals ? base::ErrorCode::internal : totals.error().code;
    }
    domain::UsageEvent event(const std::string& id) {
        for (auto& each : ledger().events({}).value().events) {
            if (each.request_id.text() == id) return each;
        }
        return {};
    }
};

TEST_P(LedgerCorrectionContract, ChangesTheEventAndEverySumThatFollowsFromIt) {
    append({event_of("req_1", rupees(9)), event_of("req_2", rupees(5))});
    auto expected = event_of("req_1", rupees(9));
    const auto totals = correct({correction_of("req_1", rupees(9), rupees(6))});
    expected.cost = rupees(6);
    expected.usd_rate = "90.5";
    expected.price_version = "prices-8";
    EXPECT_EQ(event("req_1"), expected);
    EXPECT_EQ(event("req_2"), event_of("req_2", rupees(5)));
    EXPECT_EQ(totals.size(), 4U);
    EXPECT_EQ(purse("budget:key_1:total"), rupees(11));
    EXPECT_EQ(purse("budget:key_1:2026-11-23"), rupees(11));
    EXPECT_EQ(ledger().key_spend(base::KeyId("key_1"), day_at("2026-11-23")).value().total, rupees(11));
    const auto day = ledger().summary({}, {}, ports::GroupBy::day).value();
    ASSERT_EQ(day.size(), 1U);
    EXPECT_EQ(day[0].sums.cost, rupees(11));
    EXPECT_EQ(day[0].sums.requests, 2U);
    EXPECT_EQ(ledger().hours({}, {}).value()[0].sums.cost, rupees(11));
    expect_right_books();
    EXPECT_FALSE(ledger().verify().value().notes.empty()) << "verify tells that prices were corrected";
}

TEST_P(LedgerCorrectionContract, CorrectsAnEventAgainAndAgain) {
    append({event_of("req_1", rupees(9))});
    correct({correction_of("req_1", rupees(9), rupees(6))});
    correct({correction_of("req_1", rupees(6), rupees(12))});
    EXPECT_EQ(event("req_1").cost, rupees(12));
    expect_right_books();
    books().tamper("UPDATE usage_corrections SET after_micros = 1 WHERE before_micros = 9000000");
    EXPECT_EQ(ledger().verify().value().differences.size(), 1U);
}

TEST_P(LedgerCorrectionContract, AppliesAllOrNothing) {
    append({event_of("req_1", rupees(9)), event_of("req_2", rupees(5))});
    const auto good = correction_of("req_1", rupees(9), rupees(6));
    EXPECT_EQ(fault({good, correction_of("req_2", rupees(4), rupees(3))}), base::ErrorCode::conflict);
    EXPECT_EQ(fault({good, correction_of("req_3", rupees(4), rupees(3))}), base::ErrorCode::conflict);
    EXPECT_EQ(fault({good, good}), base::ErrorCode::invalid_field);
    EXPECT_EQ(fault({good, correction_of("req_2", rupees(5), rupees(-1))}), base::ErrorCode::invalid_field);
    EXPECT_EQ(event("req_1").cost, rupees(9));
    EXPECT_EQ(purse("budget:key_1:total"), rupees(14));
    EXPECT_TRUE(ledger().verify().value().notes.empty());
    expect_right_books();
}

TEST_P(LedgerCorrectionContract, ARepeatAfterAnUnknownOutcomeIsRefusedInsteadOfCountedTwice) {
    append({event_of("req_1", rupees(9))});
    correct({correction_of("req_1", rupees(9), rupees(6))});
    EXPECT_EQ(fault({correction_of("req_1", rupees(9), rupees(6))}), base::ErrorCode::conflict);
    EXPECT_EQ(purse("budget:key_1:total"), rupees(6));
}

TEST_P(LedgerCorrectionContract, GivesBackToTheLotThatWasConsumedLast) {
    add_lot(lot_of("lot_a", rupees(500)));
    add_lot(lot_of("lot_b", rupees(300)));
    append({wallet_event("req_1", rupees(600))});
    const auto totals = correct({correction_of("req_1", rupees(600), rupees(450))});
    EXPECT_EQ(consumed(), (std::vector{rupees(450), base::Money()}));
    EXPECT_EQ(purse("wallet:acc_1"), rupees(450));
    const domain::PurseTotal expected{.name = "wallet:acc_1", .spent = rupees(450)};
    EXPECT_NE(std::ranges::find(totals, expected), totals.end());
    expect_right_books();
}

TEST_P(LedgerCorrectionContract, PaysDebtsBeforeLots) {
    add_lot(lot_of("lot_a", rupees(500)));
    auto dear = wallet_event("req_1", rupees(600));
    dear.bound = rupees(1);
    append({wallet_event("req_0", rupees(50)), dear});
    EXPECT_EQ(wallet("2026-11-24T00:00:00Z").debt, rupees(150));
    correct({correction_of("req_0", rupees(50), rupees(20))});
    EXPECT_EQ(wallet("2026-11-24T00:00:00Z").debt, rupees(120));
    EXPECT_EQ(consumed(), std::vector{rupees(500)});
    correct({correction_of("req_1", rupees(600), rupees(400))});
    EXPECT_EQ(wallet("2026-11-24T00:00:00Z").debt, base::Money());
    EXPECT_EQ(consumed(), std::vector{rupees(420)});
    expect_right_books();
}

TEST_P(LedgerCorrectionContract, TakesMoreFromTheWalletAndADebtOfItBreaksNoPromise) {
    add_lot(lot_of("lot_a", rupees(500)));
    append({wallet_event("req_1", rupees(400))});
    correct({correction_of("req_1", rupees(400), rupees(450))});
    EXPECT_EQ(consumed(), std::vector{rupees(450)});
    correct({correction_of("req_1", rupees(450), rupees(700))});
    EXPECT_EQ(wallet("2026-11-24T00:00:00Z").debt, rupees(200));
    correct({correction_of("req_1", rupees(700), rupees(710))});
    EXPECT_EQ(wallet("2026-11-24T00:00:00Z").debt, rupees(210));
    expect_right_books();
}

TEST_P(LedgerCorrectionContract, RefusesAnEventThatWasForgotten) {
    append({event_of("req_1", rupees(9))});
    correct({correction_of("req_1", rupees(9), rupees(8))});
    EXPECT_EQ(ledger().forget_before(day_at("2026-11-24")).value(), 1U);
    EXPECT_EQ(fault({correction_of("req_1", rupees(8), rupees(6))}), base::ErrorCode::conflict);
    EXPECT_EQ(purse("budget:key_1:total"), rupees(8));
    expect_right_books();
}

TEST_P(LedgerCorrectionContract, HoldsAfterRandomCorrections) {
    for (unsigned seed = 1; seed <= 5; ++seed) {
        SetUp();
        std::mt19937 random(seed);
        std::map<std::string, domain::UsageEvent> known;
        for (int round = 0; round < 15; ++round) {
            for (const char* account : {"acc_1", "acc_2"}) {
                auto lot = lot_of("lot_" + std::to_string(round) + account,
                                  base::Money::of_micros(1 + random() % 60'000'000));
                lot.account_id = base::AccountId(account);
                if (random() % 3 == 0) lot.expires_at = lot.added_at + std::chrono::hours(random() % 480 + 1);
                add_lot(lot);
            }
            std::vector<domain::UsageEvent> batch;
            for (int number = 0; number < 12; ++number) {
                batch.push_back(random_event(random, round * 12 + number));
                known[batch.back().request_id.text()] = batch.back();
            }
            append(batch);
            std::vector<domain::CostCorrection> corrections;
            for (auto& [id, call] : known) {
                if (random() % 4 != 0) continue;
                const auto after = base::Money::of_micros(random() % 6'000'000);
                corrections.push_back(correction_of(id, call.cost, after));
                corrections.back().started_at = call.started_at;
                call.cost = after;
            }
            correct(corrections);
            expect_right_books();
        }
        base::Money total;
        for (const auto& [id, call] : known) total += call.cost;
        EXPECT_EQ(ledger().verify().value().total, total) << "seed " << seed;
    }
}

} // namespace tollgate::testing
