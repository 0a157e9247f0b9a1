#include "storage/sqlite/call_names.hpp"

#include "contract/ledger_books.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tollgate::storage::sqlite {

namespace {

using domain::UsageEvent;

/// The same call, and one that differs in each of what makes a kind.
std::vector<UsageEvent> kinds() {
    std::vector<UsageEvent> events(17, testing::full_event("req_1"));
    events[1].wallet = domain::WalletUse::charged;
    events[2].endpoint = "embeddings";
    events[3].model = "other";
    events[4].provider = "other";
    events[5].upstream_model = "other";
    events[6].delivery = domain::Delivery::plain;
    events[7].status = 500;
    events[8].outcome = "failed";
    events[9].usage.source = domain::UsageSource::estimated;
    events[10].currency = "EUR";
    events[11].usd_rate = "1";
    events[12].price_version = "other";
    events[13].client_end = domain::ClientEnd::stayed;
    events[14].attempts = 7;
    events[15].usage.requests = 3;
    events[16].node = "other";
    return events;
}

std::vector<CallNumbers> numbers_of(CallNames& names, const std::vector<UsageEvent>& events) {
    std::vector<domain::UsageView> views;
    for (const UsageEvent& event : events) views.push_back(view_of(event));
    return names.numbers_of(views).value();
}

class CallNamesTest : public ::testing::Test {
protected:
    testing::TemporaryDirectory directory_;
    std::unique_ptr<Database> database_ =
        Database::open(directory_.path() / "tollgate.db", Migrate::apply).value();
};

} // namespace

TEST_F(CallNamesTest, GiveEachKindANumberOfItsOwn) {
    CallNames names(*database_);
    const auto events = kinds();
    std::set<std::int64_t> numbers;
    for (const CallNumbers& each : numbers_of(names, events)) numbers.insert(each.kind);
    EXPECT_EQ(numbers.size(), events.size());
}

TEST_F(CallNamesTest, AreTheSameForEverybody) {
    CallNames first(*database_);
    CallNames second(*database_);
    const auto events = kinds();
    const auto numbers = numbers_of(first, events);
    for (CallNames* names : {&first, &second}) {
        const auto again = numbers_of(*names, events);
        for (std::size_t index = 0; index < events.size(); ++index) {
            EXPECT_EQ(again[index].key, numbers[index].key);
            EXPECT_EQ(again[index].kind, numbers[index].kind);
        }
    }
}

TEST_F(CallNamesTest, TellKeysOfTwoAccountsApart) {
    CallNames names(*database_);
    std::vector<UsageEvent> events(3, testing::full_event("req_1"));
    events[1].account_id = base::AccountId("acc_2");
    events[2].key_id = base::KeyId("key_2");
    std::set<std::int64_t> numbers;
    for (const CallNumbers& each : numbers_of(names, events)) numbers.insert(each.key);
    EXPECT_EQ(numbers.size(), 3U);
}

TEST_F(CallNamesTest, DoNotChangeWithTextsThatRunIntoOneAnother) {
    CallNames names(*database_);
    std::vector<UsageEvent> events(2, testing::full_event("req_1"));
    events[0].currency = "EUR8";
    events[0].usd_rate = "8";
    events[1].currency = "EUR";
    events[1].usd_rate = "88";
    const auto numbers = numbers_of(names, events);
    EXPECT_NE(numbers[0].kind, numbers[1].kind);
}

} // namespace tollgate::storage::sqlite
