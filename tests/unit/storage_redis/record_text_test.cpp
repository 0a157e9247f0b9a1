#include "storage/redis/record_text.hpp"

namespace tollgate::storage::redis {

namespace {

domain::KeyRecord full_record() {
    domain::KeyRecord record;
    record.key.id = base::KeyId("key_1");
    record.key.account_id = base::AccountId("acc_1");
    record.key.name = "a \"name\" with \xC3\xA9 and\nlines";
    record.key.prefix = "sk-1234";
    record.key.suffix = "cdef";
    record.key.state = domain::KeyState::revoked;
    record.key.expires_at = base::WallTime(std::chrono::microseconds(1'700'000'000'000'001));
    record.key.policy = {.rate_limit = 7,
                         .token_limit = 1'000'000'000'000,
                         .concurrency = 3,
                         .budget = base::Money::of_micros(9'007'199'254'740'993),
                         .budget_period = domain::BudgetPeriod::weekly,
                         .models = {"gpt-*"},
                         .ip_allow = {"10.0.0.0/8"},
                         .on_disconnect = domain::OnDisconnect::drain};
    record.key.metadata = {{"team", "x"}};
    record.key.generation = 12;
    record.key.created_at = base::WallTime(std::chrono::microseconds(5));
    record.account_disabled = true;
    record.account_concurrency = 9;
    record.secret_expires_at = base::WallTime(std::chrono::microseconds(77));
    return record;
}

} // namespace

TEST(RecordText, ComesBackAsItWent) {
    for (const domain::KeyRecord& record : {full_record(), domain::KeyRecord{}}) {
        const auto found = read_record(write_record(record));
        ASSERT_TRUE(found && found->record);
        EXPECT_EQ(*found->record, record);
    }
    EXPECT_TRUE(write_record(full_record()).starts_with("12 {"));
}

TEST(RecordText, TheGenerationAloneMeansThatThereIsNoSuchKey) {
    const auto found = read_record(write_absence(last_generation));
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->record);
    EXPECT_EQ(write_absence(last_generation), "9007199254740991");
}

TEST(RecordText, WhatIsNotOursIsNotUsed) {
    std::string unknown_state = write_record(full_record());
    unknown_state.replace(unknown_state.find("revoked"), 7, "borrowed");
    for (const std::string& text :
         {std::string(), std::string("x"), std::string("12 "), std::string("12 {}"), std::string("12 []"),
          std::string("-1 {}"), std::string("12 {\"id\":1}"), unknown_state})
        EXPECT_FALSE(read_record(text)) << text;
}

} // namespace tollgate::storage::redis
