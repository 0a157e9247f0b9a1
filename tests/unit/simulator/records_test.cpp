#include "simulator/records.hpp"

#include <gtest/gtest.h>

namespace tollgate::simulator {

namespace {

Settings keeping(std::size_t count, std::size_t bytes = 1U << 20U) {
    Settings settings;
    settings.record_count = count;
    settings.record_bytes = bytes;
    return settings;
}

Ending completed(std::uint64_t tokens) {
    return Ending{.status = 200, .completed = true, .counts = {.prompt = 1, .completion = tokens}};
}

} // namespace

TEST(Records, KeepHowARequestBeganAndEnded) {
    Records records(keeping(10));
    const auto sequence = records.open(Record{.method = "POST", .target = "/x", .tag = "a"});
    EXPECT_EQ(sequence, 1U);
    EXPECT_TRUE(records.find({}).at(0).open);
    records.close(sequence, completed(5));
    const Record record = records.find({}).at(0);
    EXPECT_FALSE(record.open);
    EXPECT_EQ(record.method, "POST");
    EXPECT_EQ(record.ending.counts.completion, 5U);
}

TEST(Records, AreFoundBySequenceAndTag) {
    Records records(keeping(10));
    for (const char* tag : {"a", "b", "a", "b"}) records.open(Record{.tag = tag});
    EXPECT_EQ(records.find({.since = 2}).size(), 2U);
    EXPECT_EQ(records.find({.tag = "a"}).size(), 2U);
    EXPECT_EQ(records.find({.since = 1, .tag = "a"}).at(0).sequence, 3U);
    EXPECT_EQ(records.find({.most = 3}).size(), 3U);
    EXPECT_TRUE(records.find({.since = 4}).empty());
}

TEST(Records, DropTheOldestWhenTheyAreTooMany) {
    Records records(keeping(3));
    for (int i = 0; i < 5; ++i) records.open(Record{});
    EXPECT_EQ(records.find({}).size(), 3U);
    EXPECT_EQ(records.find({}).front().sequence, 3U);
    records.close(1, completed(1)); // no longer kept, still counted
    records.close(4, completed(1));
    EXPECT_EQ(records.totals().completed, 2U);
    EXPECT_FALSE(records.find({.since = 3}).at(0).open);
}

TEST(Records, DropTheOldestWhenTheyAreTooLarge) {
    Records records(keeping(1000, 10'000));
    for (int i = 0; i < 20; ++i) records.open(Record{.body = std::string(1000, 'x')});
    EXPECT_LT(records.find({}).size(), 10U);
    EXPECT_EQ(records.find({}).back().sequence, 20U);
    records.open(Record{.body = std::string(100'000, 'x')});
    EXPECT_EQ(records.find({}).size(), 1U);
}

TEST(Records, TotalsTellWhatEndedHow) {
    Records records(keeping(10));
    for (int i = 0; i < 3; ++i) records.open(Record{.tag = i == 0 ? "a" : ""});
    records.close(1, completed(5));
    records.close(2, Ending{.client_left_ms = 7, .counts = {.completion = 2}});
    const Totals totals = records.totals();
    EXPECT_EQ(totals.received, 3U);
    EXPECT_EQ(totals.ended, 2U);
    EXPECT_EQ(totals.completed, 1U);
    EXPECT_EQ(totals.client_left, 1U);
    EXPECT_EQ(totals.tokens.completion, 7U);
    EXPECT_EQ(records.totals_of("a").received, 1U);
    EXPECT_EQ(records.totals_of("a").tokens.completion, 5U);
}

TEST(Records, AfterClearingOnlyNewRequestsCount) {
    Records records(keeping(10));
    records.open(Record{});
    records.clear();
    records.close(1, completed(5));
    EXPECT_EQ(records.totals().ended, 0U);
    EXPECT_EQ(records.open(Record{}), 2U);
    records.close(2, completed(1));
    EXPECT_EQ(records.totals().completed, 1U);
    EXPECT_EQ(records.find({}).size(), 1U);
}

TEST(Records, TurnedOffTheyStillCount) {
    Settings settings;
    settings.recording = Recording::off;
    Records records(settings);
    records.close(records.open(Record{}), completed(3));
    EXPECT_TRUE(records.find({}).empty());
    EXPECT_EQ(records.totals().tokens.completion, 3U);
}

} // namespace tollgate::simulator
