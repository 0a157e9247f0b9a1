// What every UsageReports adapter promises, on books that Ledger::append filled.
#pragma once

#include "contract/empty_storage.hpp"
#include "contract/ledger_books.hpp"

#include <string>
#include <vector>

namespace tollgate::testing {

class UsageReportsContract : public StorageContract {
protected:
    ports::UsageReports& reports() { return storage().usage_reports(); }

    /// One call; the hour is of 2026-11-23 or the day given.
    domain::UsageEvent call(const std::string& id, const std::string& key, const std::string& model,
                            int hour) {
        domain::UsageEvent event = full_event(id);
        event.key_id = base::KeyId(key);
        event.model = event.upstream_model = model;
        event.started_at = time_at("2026-11-23T00:00:00Z") + std::chrono::hours(hour);
        event.ended_at = event.started_at;
        event.day = day_at("2026-11-23") + std::chrono::days(hour / 24);
        event.duration = std::chrono::milliseconds(100 * (hour + 1));
        event.status = 200;
        return event;
    }

    void count(const std::vector<domain::UsageEvent>& events) {
        ASSERT_TRUE(storage().ledger().append(events).has_value());
    }

    static std::vector<std::string> ids(const ports::EventPage& page) {
        std::vector<std::string> found;
        for (const auto& event : page.events) found.push_back(event.request_id.text());
        return found;
    }
};

TEST_P(UsageReportsContract, LatenciesAreThoseOfCallsThatSucceeded) {
    auto failed = call("req_3", "key_1", "m1", 3);
    failed.status = 500;
    count({call("req_1", "key_1", "m1", 0), call("req_2", "key_1", "m2", 30), failed});
    domain::LatencySums all;
    all.add(std::chrono::milliseconds(100));
    all.add(std::chrono::milliseconds(3100));
    const auto total = reports().latencies({}, {}, ports::GroupBy::nothing).value();
    ASSERT_EQ(total.size(), 1U);
    EXPECT_EQ(total[0].sums, all);
    const auto by_model = reports().latencies({}, {}, ports::GroupBy::model).value();
    ASSERT_EQ(by_model.size(), 2U);
    EXPECT_EQ(by_model[1].name, "m2");
    EXPECT_EQ(by_model[1].sums.mean_ms(), 3100U);
    const ports::DayRange second{.first = day_at("2026-11-24"), .last = day_at("2026-11-24")};
    EXPECT_EQ(reports().latencies({}, second, ports::GroupBy::day).value()[0].name, "2026-11-24");
    EXPECT_TRUE(reports().latencies({.provider = "none"}, {}, ports::GroupBy::nothing).value().empty());
}

TEST_P(UsageReportsContract, LatenciesOfEveryGroupingAndFilterAgree) {
    auto other = call("req_3", "key_2", "m2", 1);
    other.account_id = base::AccountId("acc_2");
    other.provider = "elsewhere";
    count({call("req_1", "key_1", "m1", 0), call("req_2", "key_1", "m2", 30), other});
    const auto calls = [&](const ports::UsageFilter& filter, ports::GroupBy group) {
        std::uint64_t sum = 0;
        for (const auto& each : reports().latencies(filter, {}, group).value()) sum += each.sums.calls();
        return sum;
    };
    using enum ports::GroupBy;
    for (const auto group : {nothing, account, key, model, provider, day}) {
        EXPECT_EQ(calls({}, group), 3U);
        EXPECT_EQ(calls({.account_id = other.account_id}, group), 1U);
        EXPECT_EQ(calls({.key_id = base::KeyId("key_1")}, group), 2U);
        EXPECT_EQ(calls({.model = "m2"}, group), 2U);
        EXPECT_EQ(calls({.provider = "elsewhere"}, group), 1U);
    }
    EXPECT_EQ(reports().latencies({}, {}, account).value().size(), 2U);
    EXPECT_EQ(reports().latencies({}, {}, model).value().size(), 2U);
}

TEST_P(UsageReportsContract, ARepeatedEventCountsOnceInLatenciesToo) {
    count({call("req_1", "key_1", "m1", 0)});
    count({call("req_1", "key_1", "m1", 0), call("req_2", "key_1", "m1", 1)});
    EXPECT_EQ(reports().latencies({}, {}, ports::GroupBy::nothing).value()[0].sums.calls(), 2U);
}

TEST_P(UsageReportsContract, LatenciesOfKeysAreForgottenWithTheirCallsAndTheirTotalsStay) {
    auto other = call("req_3", "key_2", "m2", 1);
    other.account_id = base::AccountId("acc_2");
    count({call("req_1", "key_1", "m1", 0), call("req_2", "key_1", "m1", 30), other});
    EXPECT_EQ(storage().ledger().forget_before(day_at("2026-11-24")).value(), 2U);
    const auto calls = [&](const ports::UsageFilter& filter, ports::GroupBy group) {
        std::uint64_t sum = 0;
        for (const auto& each : reports().latencies(filter, {}, group).value()) sum += each.sums.calls();
        return sum;
    };
    using enum ports::GroupBy;
    for (const auto group : {nothing, account, model, provider, day}) EXPECT_EQ(calls({}, group), 3U);
    EXPECT_EQ(calls({.account_id = other.account_id}, nothing), 1U);
    EXPECT_EQ(calls({.model = "m2"}, nothing), 1U);
    EXPECT_EQ(calls({.account_id = base::AccountId("acc_1")}, model), 2U);
    EXPECT_EQ(calls({.model = "m2"}, account), 1U);
    EXPECT_EQ(calls({}, key), 1U);
    EXPECT_EQ(calls({.key_id = base::KeyId("key_1")}, nothing), 1U);
    EXPECT_EQ(calls({.key_id = base::KeyId("key_2")}, nothing), 0U);
    EXPECT_EQ(storage().ledger().forget_before(day_at("2026-11-24")).value(), 0U);
    EXPECT_EQ(calls({}, nothing), 3U);
}

TEST_P(UsageReportsContract, SeriesOfDaysAndHoursCanBeSplit) {
    count(
        {call("req_1", "key_1", "m1", 1), call("req_2", "key_2", "m1", 1), call("req_3", "key_1", "m2", 26)});
    const auto days = reports().days({}, {}, ports::GroupBy::key).value();
    ASSERT_EQ(days.size(), 3U);
    EXPECT_EQ(days[0].day, "2026-11-23");
    EXPECT_EQ(days[0].name, "key_1");
    EXPECT_EQ(days[1].name, "key_2");
    EXPECT_EQ(days[2].day, "2026-11-24");
    EXPECT_EQ(days[2].sums.requests, 1U);
    EXPECT_EQ(reports().days({}, {}, ports::GroupBy::day).value().size(), 2U);

    const ports::TimeRange times{.from = time_at("2026-11-23T01:30:00Z"),
                                 .until = time_at("2026-11-24T02:00:00Z")};
    const auto hours = reports().hours({}, times, ports::GroupBy::nothing).value();
    ASSERT_EQ(hours.size(), 1U);
    EXPECT_EQ(hours[0].hour, time_at("2026-11-23T01:00:00Z"));
    EXPECT_EQ(hours[0].sums.requests, 2U);
    EXPECT_EQ(reports().hours({.key_id = base::KeyId("key_1")}, {}, ports::GroupBy::model).value().size(),
              2U);
}

TEST_P(UsageReportsContract, CallsAreFilteredByOutcomeModelAndProvider) {
    auto failed = call("req_2", "key_1", "m1", 2);
    failed.status = 429;
    auto other = call("req_3", "key_1", "m2", 3);
    other.provider = "elsewhere";
    count({call("req_1", "key_1", "m1", 1), failed, other});
    const auto found = [&](const ports::CallQuery& query) { return ids(reports().calls(query).value()); };
    using Ids = std::vector<std::string>;
    EXPECT_EQ(found({}), (Ids{"req_3", "req_2", "req_1"}));
    EXPECT_EQ(found({.status = {400, 999}}), Ids{"req_2"});
    EXPECT_EQ(found({.status = {0, 399}}), (Ids{"req_3", "req_1"}));
    EXPECT_EQ(found({.filter = {.model = "m2"}}), Ids{"req_3"});
    EXPECT_EQ(found({.filter = {.provider = "elsewhere"}}), Ids{"req_3"});
    EXPECT_EQ(found({.filter = {.key_id = base::KeyId("key_none")}}), Ids{});
    EXPECT_EQ(found({.filter = {.account_id = base::AccountId("acc_none")}}), Ids{});
    EXPECT_EQ(found({.times = {.until = failed.started_at}}), Ids{"req_1"});
}

TEST_P(UsageReportsContract, PagesOfCallsMeetEveryCallOnceWhateverIsScanned) {
    std::vector<domain::UsageEvent> events;
    for (int each = 0; each < 30; ++each) {
        // Three calls of each moment: the id decides their order.
        events.push_back(
            call("req_" + std::to_string(100 + each), "key_1", each % 5 == 0 ? "rare" : "m1", each / 3));
    }
    count(events);
    for (const std::size_t scan : {1U, 4U, 7U, 1000U}) {
        ports::CallQuery query{.filter = {.model = "rare"}, .limit = 2, .scan = scan};
        std::vector<std::string> seen;
        for (int pages = 0; pages < 100; ++pages) {
            const auto page = reports().calls(query).value();
            for (const auto& id : ids(page)) seen.push_back(id);
            if (!page.next) break;
            query.after = page.next;
        }
        EXPECT_EQ(seen, (std::vector<std::string>{"req_125", "req_120", "req_115", "req_110", "req_105",
                                                  "req_100"}))
            << scan;
    }
}

TEST_P(UsageReportsContract, WalletDaysAreTheChargedOnesNewestFirst) {
    auto first = call("req_1", "key_1", "m1", 0);
    auto second = call("req_2", "key_1", "m1", 30);
    auto unpaid = call("req_3", "key_1", "m1", 50);
    first.wallet = second.wallet = domain::WalletUse::charged;
    unpaid.wallet = domain::WalletUse::none;
    first.cost = rupees(3);
    second.cost = rupees(4);
    count({first, second, unpaid});
    const auto days = reports().wallet_days(first.account_id, std::nullopt, 10).value();
    ASSERT_EQ(days.size(), 2U);
    EXPECT_EQ(days[0].day, day_at("2026-11-24"));
    EXPECT_EQ(days[0].charged, rupees(4));
    EXPECT_EQ(days[1].requests, 1U);
    EXPECT_EQ(reports().wallet_days(first.account_id, day_at("2026-11-24"), 10).value().size(), 1U);
    EXPECT_EQ(reports().wallet_days(first.account_id, std::nullopt, 1).value().size(), 1U);
    EXPECT_TRUE(reports().wallet_days(base::AccountId("acc_none"), std::nullopt, 10).value().empty());
}

TEST_P(UsageReportsContract, AccountSpendsAreTheirTotals) {
    const auto first = call("req_1", "key_1", "m1", 0);
    count({first, call("req_2", "key_1", "m1", 1)});
    const auto spends = reports().account_spends().value();
    ASSERT_EQ(spends.size(), 1U);
    EXPECT_EQ(spends.at(first.account_id).requests, 2U);
    EXPECT_EQ(spends.at(first.account_id).spent, first.cost + first.cost);
}

} // namespace tollgate::testing
