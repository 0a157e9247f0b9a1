// What every Ledger adapter promises. Parameterised with a factory of empty books; each adapter instantiates
// it in a test file of its own. tests/contract/ledger_proof_contract.hpp holds the part about verify().
#pragma once

#include "contract/ledger_books.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

namespace tollgate::testing {

class LedgerContract : public ::testing::TestWithParam<BooksFactory> {
protected:
    void SetUp() override {
        books_ = GetParam().open();
        for (const char* id : {"acc_1", "acc_2", "acc_3"}) books_->add_account(base::AccountId(id));
    }
    ports::Ledger& ledger() { return books_->ledger(); }
    Books& books() { return *books_; }

    ports::AppendSummary append(const std::vector<domain::UsageEvent>& events) {
        auto summary = ledger().append(events);
        EXPECT_TRUE(summary.has_value()) << summary.error().message;
        return summary.value_or(ports::AppendSummary());
    }
    void add_lot(const ports::Lot& lot) {
        const auto added = ledger().add_lot(lot);
        EXPECT_TRUE(added.has_value()) << added.error().message;
    }
    base::Money purse(std::string_view name) { return ledger().purse_total(name).value(); }
    domain::Wallet wallet(std::string_view now) {
        return ledger().wallet(base::AccountId("acc_1"), time_at(now)).value();
    }
    std::vector<base::Money> consumed() {
        std::vector<base::Money> amounts;
        for (const auto& lot : ledger().lots(base::AccountId("acc_1")).value())
            amounts.push_back(lot.consumed);
        return amounts;
    }
    void expect_right_books() {
        const auto report = ledger().verify();
        ASSERT_TRUE(report.has_value()) << report.error().message;
        EXPECT_EQ(report->differences, std::vector<std::string>());
    }
    std::vector<std::string> group_names(ports::GroupBy group, const ports::UsageFilter& filter = {}) {
        std::vector<std::string> names;
        for (const auto& each : ledger().summary(filter, {}, group).value()) names.push_back(each.name);
        return names;
    }

private:
    std::unique_ptr<Books> books_;
};

TEST_P(LedgerContract, GivesBackEveryFieldOfAnEvent) {
    auto event = full_event("req_full");
    auto bare = full_event("req_bare");
    bare.first_byte.reset();
    bare.delivery = domain::Delivery::plain;
    bare.client_end = domain::ClientEnd::stayed;
    bare.wallet = domain::WalletUse::charged;
    bare.usage.source = domain::UsageSource::interrupted;
    bare.started_at -= std::chrono::seconds(1);
    append({event, bare});
    const auto page = ledger().events({}).value();
    ASSERT_EQ(page.events.size(), 2U);
    EXPECT_EQ(page.events[0], event);
    EXPECT_EQ(page.events[1], bare);
    EXPECT_FALSE(page.next.has_value());
}

TEST_P(LedgerContract, CountsAnEventOnceHoweverOftenItIsAppended) {
    const std::vector events = {event_of("req_1", rupees(2)), event_of("req_2", rupees(3))};
    EXPECT_EQ(append(events).inserted, 2U);
    const auto again = append({event_of("req_2", rupees(3)), event_of("req_3", rupees(5))});
    EXPECT_EQ(again.inserted, 1U);
    EXPECT_EQ(again.repeated, 1U);
    EXPECT_EQ(purse("budget:key_1:total"), rupees(10));
    EXPECT_EQ(append(events).repeated, 2U);
    EXPECT_EQ(purse("budget:key_1:total"), rupees(10));
    expect_right_books();
}

TEST_P(LedgerContract, CountsARepeatWithinOneBatchOnce) {
    const auto summary = append({event_of("req_1", rupees(2)), event_of("req_1", rupees(2))});
    EXPECT_EQ(summary.inserted, 1U);
    EXPECT_EQ(summary.repeated, 1U);
    EXPECT_EQ(purse("budget:key_1:total"), rupees(2));
}

TEST_P(LedgerContract, KeepsTheFirstOfTwoEventsWithOneId) {
    append({event_of("req_1", rupees(2))});
    append({event_of("req_1", rupees(900))});
    EXPECT_EQ(purse("budget:key_1:total"), rupees(2));
    EXPECT_EQ(ledger().events({}).value().events.front().cost, rupees(2));
    expect_right_books();
}

TEST_P(LedgerContract, CountsOnceWhenFourThreadsAppendTheSameEvents) {
    constexpr int total = 120;
    add_lot(lot_of("lot_a", rupees(1)));
    const auto work = [this](unsigned seed) {
        std::mt19937 random(seed);
        std::vector<int> order(total);
        std::iota(order.begin(), order.end(), 0);
        std::ranges::shuffle(order, random);
        for (int first = 0; first < total; first += 10) {
            std::vector<domain::UsageEvent> batch;
            for (int index = first; index < first + 10; ++index) {
                batch.push_back(wallet_event("req_" + std::to_string(order[static_cast<std::size_t>(index)]),
                                             base::Money::of_micros(7)));
            }
            append(batch);
        }
    };
    {
        std::vector<std::jthread> threads;
        for (unsigned seed = 0; seed < 4; ++seed) threads.emplace_back(work, seed);
    }
    EXPECT_EQ(purse("budget:key_1:total").micros(), 7 * total);
    EXPECT_EQ(purse("wallet:acc_1").micros(), 7 * total);
    expect_right_books();
}

TEST_P(LedgerContract, AddsNothingOfABatchWithAnEventThatCannotBeCounted) {
    const auto refused = ledger().append(
        std::vector{event_of("req_1", rupees(2)), event_of("req_2", base::Money::of_micros(-1))});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, base::ErrorCode::invalid_field);
    EXPECT_EQ(purse("budget:key_1:total"), base::Money());
    EXPECT_TRUE(ledger().events({}).value().events.empty());
}

TEST_P(LedgerContract, TakesAnEmptyBatch) {
    const auto summary = append({});
    EXPECT_EQ(summary.inserted, 0U);
    EXPECT_TRUE(summary.totals.empty());
}

TEST_P(LedgerContract, AnswersTheTotalsOfEveryPurseThatABatchTouched) {
    append({event_of("req_1", rupees(2))});
    const auto summary = append({wallet_event("req_2", rupees(3))});
    ASSERT_EQ(summary.totals.size(), 5U);
    for (const auto& total : summary.totals) {
        EXPECT_EQ(total.spent, purse(total.name)) << total.name;
        EXPECT_EQ(total.spent, total.name == "wallet:acc_1" ? rupees(3) : rupees(5)) << total.name;
    }
    EXPECT_TRUE(append({event_of("req_1", rupees(2))}).totals.empty());
}

TEST_P(LedgerContract, CountsInThePursesOfTheEventsDay) {
    append({event_of("req_1", rupees(1))});
    auto later = event_of("req_2", rupees(2));
    later.day = day_at("2026-11-30");
    append({later});
    EXPECT_EQ(purse("budget:key_1:total"), rupees(3));
    EXPECT_EQ(purse("budget:key_1:2026-11"), rupees(3));
    EXPECT_EQ(purse("budget:key_1:2026-11-23"), rupees(1));
    EXPECT_EQ(purse("budget:key_1:2026-W48"), rupees(1));
    EXPECT_EQ(purse("budget:key_1:2026-W49"), rupees(2));
    EXPECT_EQ(purse("budget:key_9:total"), base::Money());
    EXPECT_EQ(purse("wallet:acc_9"), base::Money());
}

TEST_P(LedgerContract, TellsWhatAKeySpentInItsRunningPeriods) {
    const std::pair<const char*, int> days[] = {
        {"2026-10-31", 1}, {"2026-11-01", 10}, {"2026-11-23", 100}, {"2026-11-25", 1000}};
    for (const auto& [day, amount] : days) {
        auto event = event_of("req_" + std::to_string(amount), rupees(amount));
        event.day = day_at(day);
        append({event});
    }
    const auto spend = ledger().key_spend(base::KeyId("key_1"), day_at("2026-11-25")).value();
    EXPECT_EQ(spend.total, rupees(1111));
    EXPECT_EQ(spend.month, rupees(1110));
    EXPECT_EQ(spend.week, rupees(1100));
    EXPECT_EQ(spend.day, rupees(1000));
    EXPECT_EQ(spend.requests, 4U);
    EXPECT_EQ(spend.last_used_at, time_at("2026-11-23T09:05:00.123456Z"));
    const auto unused = ledger().key_spend(base::KeyId("key_9"), day_at("2026-11-25")).value();
    EXPECT_EQ(unused.total, base::Money());
    EXPECT_FALSE(unused.last_used_at.has_value());
}

TEST_P(LedgerContract, SumsByEveryGroup) {
    auto other = event_of("req_2", rupees(9));
    other.key_id = base::KeyId("key_2");
    other.account_id = base::AccountId("acc_2");
    other.provider = "anthropic";
    other.upstream_model = "claude";
    other.day = day_at("2026-11-22");
    other.status = 502;
    append({event_of("req_1", rupees(2)), other});
    using ports::GroupBy;
    using Names = std::vector<std::string>;
    EXPECT_EQ(group_names(GroupBy::key), (Names{"key_2", "key_1"}));
    EXPECT_EQ(group_names(GroupBy::account), (Names{"acc_2", "acc_1"}));
    EXPECT_EQ(group_names(GroupBy::model), (Names{"claude", "gpt-4o"}));
    EXPECT_EQ(group_names(GroupBy::provider), (Names{"anthropic", "openai"}));
    EXPECT_EQ(group_names(GroupBy::day), (Names{"2026-11-22", "2026-11-23"}));
    const auto all = ledger().summary({}, {}, GroupBy::nothing).value();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all.front().sums, (domain::UsageSums{.requests = 2,
                                                   .failed = 1,
                                                   .input = 22,
                                                   .cached_input = 24,
                                                   .cache_write = 26,
                                                   .output = 28,
                                                   .audio_input = 30,
                                                   .audio_output = 32,
                                                   .images = 34,
                                                   .cost = rupees(11)}));
}

TEST_P(LedgerContract, SumsOnlyWhatTheFilterAndTheDaysAllow) {
    auto other = event_of("req_2", rupees(9));
    other.key_id = base::KeyId("key_2");
    other.day = day_at("2026-11-22");
    other.upstream_model = "claude";
    other.provider = "anthropic";
    append({event_of("req_1", rupees(2)), other});
    using ports::GroupBy;
    const auto cost = [this](const ports::UsageFilter& filter, const ports::DayRange& days) {
        return ledger().summary(filter, days, GroupBy::nothing).value().front().sums.cost;
    };
    EXPECT_EQ(cost({.key_id = base::KeyId("key_2")}, {}), rupees(9));
    EXPECT_EQ(cost({.account_id = base::AccountId("acc_1")}, {}), rupees(11));
    EXPECT_EQ(cost({.account_id = base::AccountId("acc_2"), .key_id = base::KeyId("key_2")}, {}),
              base::Money());
    EXPECT_EQ(cost({.model = "gpt-4o"}, {}), rupees(2));
    EXPECT_EQ(cost({.provider = "anthropic"}, {}), rupees(9));
    EXPECT_EQ(cost({}, {.first = day_at("2026-11-23")}), rupees(2));
    EXPECT_EQ(cost({}, {.last = day_at("2026-11-22")}), rupees(9));
    EXPECT_EQ(cost({}, {.first = day_at("2026-11-22"), .last = day_at("2026-11-23")}), rupees(11));
    EXPECT_EQ(cost({}, {.first = day_at("2026-11-24")}), base::Money());
}

TEST_P(LedgerContract, KeepsHoursOfUtcAndDaysOfTheZoneApart) {
    // 23:30 of the 22nd in Kolkata and 00:30 of the 23rd lie in 18:00 and 19:00 of the same day of UTC.
    auto before = event_of("req_1", rupees(2));
    before.started_at = time_at("2026-11-22T18:00:00Z");
    before.day = day_at("2026-11-22");
    auto after = event_of("req_2", rupees(3));
    after.started_at = time_at("2026-11-22T19:00:00Z");
    auto same_hour = event_of("req_3", rupees(5));
    same_hour.started_at = time_at("2026-11-22T18:45:00Z");
    append({before, after, same_hour});
    const auto hours = ledger().hours({}, {}).value();
    ASSERT_EQ(hours.size(), 2U);
    EXPECT_EQ(base::to_rfc3339(hours[0].hour), "2026-11-22T18:00:00Z");
    EXPECT_EQ(hours[0].sums.cost, rupees(7));
    EXPECT_EQ(hours[1].sums.cost, rupees(3));
    const auto days = ledger().summary({}, {}, ports::GroupBy::day).value();
    ASSERT_EQ(days.size(), 2U);
    EXPECT_EQ(days[0].sums.cost, rupees(2));
    EXPECT_EQ(days[1].sums.cost, rupees(8));
    const auto range =
        ports::TimeRange{.from = time_at("2026-11-22T18:59:00Z"), .until = time_at("2026-11-22T19:00:00Z")};
    EXPECT_EQ(ledger().hours({}, range).value().size(), 1U);
}

TEST_P(LedgerContract, PagesThroughEventsNewestFirstWithoutLossOrRepeat) {
    std::mt19937 random(11);
    std::vector<domain::UsageEvent> events;
    for (int number = 0; number < 53; ++number) {
        events.push_back(random_event(random, number));
        // Many with the same time, so that the id has to break the tie.
        if (number % 2 == 0) events.back().started_at = time_at("2026-11-01T00:00:00Z");
    }
    append(events);
    for (const auto& filter :
         {ports::UsageFilter{}, ports::UsageFilter{.key_id = base::KeyId("key_1")},
          ports::UsageFilter{.account_id = base::AccountId("acc_2"), .model = "model-1"}}) {
        std::vector<domain::UsageEvent> expected;
        std::ranges::copy_if(events, std::back_inserter(expected), [&filter](const domain::UsageEvent& each) {
            return (!filter.key_id || each.key_id == *filter.key_id) &&
                   (!filter.account_id || each.account_id == *filter.account_id) &&
                   (!filter.model || each.upstream_model == *filter.model);
        });
        std::ranges::sort(expected, std::greater(), [](const domain::UsageEvent& each) {
            return std::pair(each.started_at, each.request_id);
        });
        std::vector<domain::UsageEvent> seen;
        ports::EventQuery query{.filter = filter, .limit = 7};
        do {
            const auto page = ledger().events(query).value();
            EXPECT_LE(page.events.size(), 7U);
            seen.insert(seen.end(), page.events.begin(), page.events.end());
            query.after = page.next;
        } while (query.after);
        EXPECT_EQ(seen, expected);
    }
}

TEST_P(LedgerContract, FindsEventsByTheTimeOfTheirStart) {
    append({event_of("req_1", rupees(1))});
    const auto found = [this](std::string_view from, std::string_view until) {
        ports::EventQuery query;
        query.times = {.from = time_at(from), .until = time_at(until)};
        return ledger().events(query).value().events.size();
    };
    EXPECT_EQ(found("2026-11-23T09:05:00.123456Z", "2026-11-23T09:05:00.123457Z"), 1U);
    EXPECT_EQ(found("2026-11-23T09:05:00.123457Z", "2026-11-24T00:00:00Z"), 0U);
    EXPECT_EQ(found("2026-11-23T00:00:00Z", "2026-11-23T09:05:00.123456Z"), 0U);
}

TEST_P(LedgerContract, ConsumesLotsOldestFirst) {
    add_lot(lot_of("lot_a", rupees(500)));
    add_lot(lot_of("lot_b", rupees(300)));
    append({wallet_event("req_1", rupees(600))});
    EXPECT_EQ(consumed(), (std::vector{rupees(500), rupees(100)}));
    EXPECT_EQ(wallet("2026-11-23T10:00:00Z"),
              (domain::Wallet{.cap = rupees(800), .spent = rupees(600), .balance = rupees(200)}));
    EXPECT_EQ(purse("wallet:acc_1"), rupees(600));
    expect_right_books();
}

TEST_P(LedgerContract, LeavesTheWalletAloneUnlessTheEventChargesIt) {
    add_lot(lot_of("lot_a", rupees(500)));
    append({event_of("req_1", rupees(600))});
    EXPECT_EQ(consumed(), (std::vector{rupees(0)}));
    EXPECT_EQ(wallet("2026-11-23T10:00:00Z").balance, rupees(500));
}

TEST_P(LedgerContract, TakesAnExpiredLotOutOfTheWalletButKeepsWhatItPaid) {
    auto expiring = lot_of("lot_a", rupees(500));
    expiring.expires_at = time_at("2026-11-24T00:00:00Z");
    add_lot(expiring);
    add_lot(lot_of("lot_b", rupees(300)));
    append({wallet_event("req_1", rupees(120))});
    EXPECT_EQ(wallet("2026-11-23T23:59:59Z").balance, rupees(680));
    EXPECT_EQ(wallet("2026-11-24T00:00:00Z"),
              (domain::Wallet{
                  .cap = rupees(420), .spent = rupees(120), .balance = rupees(300), .expired = rupees(380)}));
    auto late = wallet_event("req_2", rupees(50));
    late.started_at = time_at("2026-11-24T00:00:00Z");
    append({late});
    EXPECT_EQ(consumed(), (std::vector{rupees(120), rupees(50)}));
    expect_right_books();
}

TEST_P(LedgerContract, WritesDownADebtWhenACallCostsMoreThanAllLotsAndLetsTheNextLotPayIt) {
    add_lot(lot_of("lot_a", rupees(5)));
    auto dear = wallet_event("req_1", rupees(7));
    dear.bound = rupees(5);
    append({dear});
    EXPECT_EQ(
        wallet("2026-11-23T10:00:00Z"),
        (domain::Wallet{.cap = rupees(5), .spent = rupees(7), .balance = rupees(-2), .debt = rupees(2)}));
    const auto report = ledger().verify().value();
    EXPECT_TRUE(report.differences.empty());
    EXPECT_FALSE(report.notes.empty());

    add_lot(lot_of("lot_b", rupees(10)));
    EXPECT_EQ(consumed(), (std::vector{rupees(5), rupees(2)}));
    EXPECT_EQ(wallet("2026-11-23T10:00:00Z"),
              (domain::Wallet{.cap = rupees(15), .spent = rupees(7), .balance = rupees(8)}));
    expect_right_books();
}

TEST_P(LedgerContract, PaysADebtInPartsWhenLotsAreSmall) {
    auto dear = wallet_event("req_1", rupees(7));
    dear.bound = rupees(1);
    append({dear});
    add_lot(lot_of("lot_a", rupees(3)));
    EXPECT_EQ(wallet("2026-11-23T10:00:00Z").debt, rupees(4));
    add_lot(lot_of("lot_b", rupees(3)));
    add_lot(lot_of("lot_c", rupees(3)));
    EXPECT_EQ(consumed(), (std::vector{rupees(3), rupees(3), rupees(1)}));
    EXPECT_EQ(wallet("2026-11-23T10:00:00Z").balance, rupees(2));
    expect_right_books();
}

TEST_P(LedgerContract, ComplainsOfAWalletBelowZeroWhenTheCallStayedWithinItsBound) {
    append({wallet_event("req_1", rupees(7))});
    EXPECT_EQ(ledger().verify().value().differences.size(), 1U);
    add_lot(lot_of("lot_a", rupees(7)));
    expect_right_books();
}

TEST_P(LedgerContract, GivesBackLotsAndRefusesARepeatedOrSenselessOne) {
    auto lot = lot_of("lot_a", rupees(5));
    lot.expires_at = time_at("2027-11-01T00:00:00Z");
    add_lot(lot);
    const auto stored = ledger().lots(base::AccountId("acc_1")).value();
    ASSERT_EQ(stored.size(), 1U);
    EXPECT_EQ(stored[0].id, lot.id);
    EXPECT_EQ(stored[0].amount, lot.amount);
    EXPECT_EQ(stored[0].added_at, lot.added_at);
    EXPECT_EQ(stored[0].expires_at, lot.expires_at);
    EXPECT_EQ(stored[0].note, "by hand");

    EXPECT_EQ(ledger().add_lot(lot).error().code, base::ErrorCode::already_exists);
    auto foreign = lot_of("lot_b", rupees(5));
    foreign.account_id = base::AccountId("acc_9");
    EXPECT_EQ(ledger().add_lot(foreign).error().code, base::ErrorCode::not_found);
    EXPECT_EQ(ledger().add_lot(lot_of("lot_c", base::Money())).error().code, base::ErrorCode::invalid_field);
    EXPECT_EQ(ledger().add_lot(lot_of("lot_c", rupees(-1))).error().code, base::ErrorCode::invalid_field);
    EXPECT_EQ(ledger().add_lot(lot_of("", rupees(1))).error().code, base::ErrorCode::invalid_field);
    auto past = lot_of("lot_c", rupees(1));
    past.expires_at = past.added_at;
    EXPECT_EQ(ledger().add_lot(past).error().code, base::ErrorCode::invalid_field);
    EXPECT_EQ(ledger().lots(base::AccountId("acc_1")).value().size(), 1U);
    EXPECT_TRUE(ledger().lots(base::AccountId("acc_2")).value().empty());
}

} // namespace tollgate::testing
