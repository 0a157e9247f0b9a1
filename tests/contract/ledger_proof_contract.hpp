// verify() of every Ledger adapter: silent about right books after any history, loud about any edited row.
#pragma once

#include "contract/ledger_contract.hpp"

#include <map>

namespace tollgate::testing {

class LedgerProofContract : public LedgerContract {
protected:
    /// Books with events, lots that were consumed and a debt.
    void fill() {
        add_lot(lot_of("lot_a", rupees(500)));
        add_lot(lot_of("lot_b", rupees(300)));
        auto dear = wallet_event("req_2", rupees(250));
        dear.bound = rupees(1);
        append({wallet_event("req_1", rupees(600)), event_of("req_3", rupees(9)), dear});
        expect_right_books();
    }
};

TEST_P(LedgerProofContract, FindsNothingInEmptyBooks) {
    const auto report = ledger().verify().value();
    EXPECT_EQ(report.events, 0U);
    EXPECT_TRUE(report.differences.empty());
    EXPECT_TRUE(report.notes.empty());
}

TEST_P(LedgerProofContract, FindsNothingAfterRandomHistories) {
    for (unsigned seed = 1; seed <= 5; ++seed) {
        SetUp();
        std::mt19937 random(seed);
        std::map<std::string, domain::UsageEvent> known;
        std::map<std::string, base::Money> spent;
        for (int step = 0; step < 40; ++step) {
            std::vector<domain::UsageEvent> batch;
            for (unsigned size = random() % 20; size > 0; --size) {
                const int number = static_cast<int>(random() % 400);
                auto& event = known.try_emplace("req_" + std::to_string(number), random_event(random, number))
                                  .first->second;
                batch.push_back(event);
            }
            append(batch);
            if (step % 4 == 0) {
                auto lot =
                    lot_of("lot_" + std::to_string(step), base::Money::of_micros(1 + random() % 90'000'000));
                lot.account_id = base::AccountId("acc_" + std::to_string(1 + random() % 3));
                if (random() % 2 == 0) lot.expires_at = lot.added_at + std::chrono::hours(random() % 480 + 1);
                add_lot(lot);
            }
        }
        const auto report = ledger().verify().value();
        EXPECT_EQ(report.differences, std::vector<std::string>()) << "seed " << seed;
        EXPECT_EQ(report.events, known.size());
        base::Money total;
        for (const auto& [id, event] : known) {
            total += event.cost;
            spent[event.key_id.text()] += event.cost;
        }
        EXPECT_EQ(report.total, total);
        for (const auto& [key, money] : spent) EXPECT_EQ(purse("budget:" + key + ":total"), money);
    }
}

TEST_P(LedgerProofContract, FindsEveryEditBehindItsBack) {
    for (const char* sql : {
             "UPDATE usage_events SET cost_micros = cost_micros + 1 WHERE request_id = 'req_3'",
             "UPDATE usage_events SET cost_micros = -5 WHERE request_id = 'req_3'",
             "UPDATE usage_events SET output = output + 1 WHERE request_id = 'req_1'",
             "UPDATE usage_events SET day = '2026-11-24' WHERE request_id = 'req_1'",
             "UPDATE usage_events SET key_id = 'key_2' WHERE request_id = 'req_1'",
             "UPDATE usage_events SET wallet = 1 - wallet WHERE request_id = 'req_3'",
             "UPDATE usage_events SET status = 500 WHERE request_id = 'req_1'",
             "UPDATE usage_events SET started_at = started_at + 3600000000 WHERE request_id = 'req_1'",
             "DELETE FROM usage_events WHERE request_id = 'req_1'",
             "UPDATE usage_days SET cost_micros = cost_micros - 1",
             "UPDATE usage_days SET requests = requests + 1",
             "UPDATE usage_days SET images = images + 1",
             "DELETE FROM usage_days",
             "UPDATE usage_hours SET cost_micros = cost_micros - 1",
             "UPDATE usage_hours SET hour = hour + 3600000000",
             "DELETE FROM usage_hours",
             "UPDATE key_totals SET spent_micros = spent_micros - 1",
             "UPDATE key_totals SET account_id = 'acc_2'",
             "DELETE FROM key_totals",
             "UPDATE account_totals SET requests = requests + 1",
             "DELETE FROM account_totals",
             "UPDATE purse_totals SET spent_micros = 0 WHERE name = 'budget:key_1:total'",
             "UPDATE purse_totals SET spent_micros = spent_micros + 1 WHERE name = 'budget:key_1:2026-11'",
             "DELETE FROM purse_totals WHERE name = 'budget:key_1:2026-W48'",
             "INSERT INTO purse_totals (name, spent_micros) VALUES ('budget:key_1:2026-12', 1)",
             "UPDATE wallets SET spent_micros = spent_micros - 1",
             "DELETE FROM wallets",
             "UPDATE wallet_lots SET consumed_micros = consumed_micros - 1 WHERE id = 'lot_a'",
             "UPDATE wallet_lots SET consumed_micros = amount_micros + 1 WHERE id = 'lot_b'",
             "UPDATE wallet_lots SET amount_micros = amount_micros + 1 WHERE id = 'lot_a'",
             "DELETE FROM wallet_lots WHERE id = 'lot_b'",
             "UPDATE wallet_debts SET paid_micros = 1",
             "UPDATE wallet_debts SET broken = 1",
             "DELETE FROM wallet_debts",
         }) {
        SetUp();
        fill();
        books().tamper(sql);
        EXPECT_FALSE(ledger().verify().value().differences.empty()) << sql;
    }
}

TEST_P(LedgerProofContract, SaysWhichFigureIsWrong) {
    fill();
    books().tamper("UPDATE key_totals SET spent_micros = spent_micros - 2000000");
    const auto differences = ledger().verify().value().differences;
    ASSERT_EQ(differences.size(), 1U);
    EXPECT_NE(differences[0].find("key_1"), std::string::npos) << differences[0];
    EXPECT_NE(differences[0].find("2 too many"), std::string::npos) << differences[0];
}

TEST_P(LedgerProofContract, StillHoldsAfterOldEventsWereForgotten) {
    auto old = event_of("req_old", rupees(4));
    old.started_at = time_at("2026-11-20T09:00:00Z");
    old.day = day_at("2026-11-20");
    append({old, event_of("req_new", rupees(2))});
    EXPECT_EQ(ledger().forget_before(day_at("2026-11-23")).value(), 1U);
    EXPECT_EQ(ledger().forget_before(day_at("2026-11-23")).value(), 0U);
    const auto events = ledger().events({}).value().events;
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].request_id.text(), "req_new");
    EXPECT_EQ(ledger().hours({}, {}).value().size(), 1U);
    EXPECT_EQ(ledger().summary({}, {}, ports::GroupBy::day).value().size(), 2U);
    EXPECT_EQ(purse("budget:key_1:total"), rupees(6));
    expect_right_books();
    EXPECT_FALSE(ledger().verify().value().notes.empty());
    // An earlier day asked for later brings nothing back.
    EXPECT_EQ(ledger().forget_before(day_at("2026-11-01")).value(), 0U);
    expect_right_books();
}

} // namespace tollgate::testing
