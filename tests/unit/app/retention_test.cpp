#include "app/retention.hpp"

#include "support/eventually.hpp"
#include "support/temporary_directory.hpp"
#include "tollgate/domain/purse.hpp"
#include "tollgate/storage/sqlite_storage.hpp"

#include <gtest/gtest.h>

namespace tollgate::app {

namespace {

base::WallTime fixed_now() {
    return base::parse_rfc3339("2026-11-23T20:00:00Z").value(); // the 24th in Kolkata
}

class RetentionTest : public ::testing::Test {
protected:
    void add_event(const std::string& day) {
        domain::UsageEvent event{.request_id = base::RequestId("req_" + day),
                                 .key_id = base::KeyId("key_1"),
                                 .account_id = base::AccountId("acc_1"),
                                 .day = domain::parse_day(day).value(),
                                 .model = "gpt-4o",
                                 .cost = base::Money::of_micros(5),
                                 .started_at = base::parse_rfc3339(day + "T10:00:00+05:30").value()};
        ASSERT_TRUE(ledger().append(std::span(&event, 1)));
    }
    std::vector<std::string> kept() {
        std::vector<std::string> ids;
        for (const auto& event : ledger().events({}).value().events) ids.push_back(event.request_id.text());
        return ids;
    }
    RetentionRules rules() {
        return {.zone = base::TimeZone::load("Asia/Kolkata").value(),
                .kept = std::chrono::days(3),
                .period = std::chrono::milliseconds(1),
                .now = fixed_now};
    }
    ports::Ledger& ledger() { return storage_->ledger(); }

    testing::TemporaryDirectory directory_;
    std::unique_ptr<ports::Storage> storage_ =
        storage::SqliteStorage::open(directory_.path() / "tollgate.db", storage::Migrate::apply).value();
    runtime::Loop loop_{1};
    runtime::BlockingPool pool_{1, 10};
};

} // namespace

TEST_F(RetentionTest, ForgetsAtTheStartWhatIsOlderThanTheDaysThatAreKept) {
    for (const char* day : {"2026-11-19", "2026-11-20", "2026-11-21", "2026-11-24"}) add_event(day);
    Retention retention(loop_, pool_, ledger(), rules());
    EXPECT_EQ(retention.first_kept(), domain::parse_day("2026-11-21").value());
    retention.start();
    EXPECT_TRUE(testing::eventually([&] { return kept().size() == 2; }));
    EXPECT_EQ(kept(), (std::vector<std::string>{"req_2026-11-24", "req_2026-11-21"}));
    EXPECT_EQ(ledger().summary({}, {}, ports::GroupBy::nothing).value()[0].sums.requests, 4U);
    EXPECT_TRUE(ledger().verify().value().differences.empty());
    pool_.join();
}

TEST_F(RetentionTest, ForgetsAgainAfterEveryPeriod) {
    Retention retention(loop_, pool_, ledger(), rules());
    retention.start();
    add_event("2026-11-01");
    EXPECT_TRUE(testing::eventually([&] {
        loop_.run_one_for(std::chrono::milliseconds(20));
        return kept().empty();
    }));
    pool_.join();
}

} // namespace tollgate::app
