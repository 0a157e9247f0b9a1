#include "gateway/limit_fields.hpp"

#include "support/test_worker.hpp"

#include <gtest/gtest.h>

namespace tollgate::gateway {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;

/// The head of an answer to which `add` has added its fields.
template <class Add>
std::string head_with(Add add) {
    testing::TestWorker worker;
    auto [socket, peer] = testing::connected_sockets();
    runtime::Stream stream(worker.services(), std::move(socket));
    http::Responder responder(stream, {});
    add(responder);
    EXPECT_TRUE(worker.run(responder.send(200, "", "")));
    return peer.read();
}

bool has(const std::string& head, const std::string& field) {
    return head.find("\r\n" + field + "\r\n") != std::string::npos;
}

TEST(LimitFields, WriteDurationsAsOpenAiDoes) {
    const std::vector<std::pair<milliseconds, std::string>> table{
        {milliseconds(-5), "0ms"},      {milliseconds(0), "0ms"},        {milliseconds(1), "1ms"},
        {milliseconds(999), "999ms"},   {milliseconds(1000), "1s"},      {milliseconds(1001), "2s"},
        {milliseconds(59'000), "59s"},  {milliseconds(59'001), "1m0s"},  {milliseconds(60'000), "1m0s"},
        {milliseconds(61'500), "1m2s"}, {milliseconds(360'000), "6m0s"}, {milliseconds(3'600'000), "60m0s"},
    };
    for (const auto& [time, text] : table) EXPECT_EQ(reset_text(time), text) << time.count();
}

TEST(LimitFields, NameRequestsAlwaysAndTokensAndMoneyWhereThereIsALimit) {
    domain::QuotaNumbers numbers;
    numbers.requests_limit = 60;
    numbers.requests_remaining = 58;
    numbers.requests_reset = milliseconds(1500);
    const auto add = [&numbers](http::Responder& responder) { add_limit_fields(responder, numbers); };
    const std::string bare = head_with(add);
    for (const std::string field : {"x-ratelimit-limit: 60", "x-ratelimit-remaining: 58",
                                    "x-ratelimit-reset: 2", "x-ratelimit-limit-requests: 60",
                                    "x-ratelimit-remaining-requests: 58", "x-ratelimit-reset-requests: 2s"})
        EXPECT_TRUE(has(bare, field)) << field << " in " << bare;
    EXPECT_EQ(bare.find("tokens"), std::string::npos);
    EXPECT_EQ(bare.find("tollgate"), std::string::npos);

    numbers.tokens_limit = 1000;
    numbers.tokens_remaining = 0;
    numbers.tokens_reset = milliseconds(20);
    numbers.budget = base::Money::of_micros(5'000'000);
    numbers.spent = base::Money::of_micros(1'500'000);
    numbers.reserved = base::Money::of_micros(1);
    const std::string full = head_with(add);
    for (const std::string field : {"x-ratelimit-limit-tokens: 1000", "x-ratelimit-remaining-tokens: 0",
                                    "x-ratelimit-reset-tokens: 20ms"})
        EXPECT_TRUE(has(full, field)) << field << " in " << full;
    EXPECT_TRUE(has(full, "x-tollgate-budget: " + to_string(*numbers.budget))) << full;
    EXPECT_TRUE(has(full, "x-tollgate-spent: " + to_string(numbers.spent)));
    EXPECT_TRUE(has(full, "x-tollgate-reserved: " + to_string(numbers.reserved)));
}

std::string retry_head(ErrorCode code, std::optional<milliseconds> after) {
    base::Error error{.code = code};
    error.retry_after = after;
    return head_with([&error](http::Responder& responder) { add_retry_fields(responder, error); });
}

TEST(LimitFields, TellWhenToComeBackInSecondsAndMilliseconds) {
    const std::vector<std::tuple<milliseconds, std::string, std::string>> table{
        {milliseconds(0), "1", "1"},           {milliseconds(1), "1", "1"},
        {milliseconds(1000), "1", "1000"},     {milliseconds(1001), "2", "1001"},
        {milliseconds(59'999), "60", "59999"}, {milliseconds(3'600'000), "60", "60000"}};
    for (const ErrorCode code :
         {ErrorCode::requests_per_minute, ErrorCode::concurrency, ErrorCode::overloaded}) {
        for (const auto& [after, seconds, exact] : table) {
            const std::string head = retry_head(code, after);
            EXPECT_TRUE(has(head, "retry-after: " + seconds)) << head;
            EXPECT_TRUE(has(head, "retry-after-ms: " + exact)) << head;
        }
        EXPECT_TRUE(has(retry_head(code, std::nullopt), "retry-after: 1"));
    }
}

TEST(LimitFields, TellNobodyToComeBackForWhatWillNotChange) {
    for (const ErrorCode code : {ErrorCode::invalid_key, ErrorCode::malformed_json, ErrorCode::internal,
                                 ErrorCode::all_providers_failed, ErrorCode::idle_timeout}) {
        EXPECT_EQ(retry_head(code, milliseconds(1000)).find("retry"), std::string::npos);
    }
    for (const ErrorCode code : {ErrorCode::budget_exceeded, ErrorCode::wallet_empty}) {
        const std::string head = retry_head(code, milliseconds(1000));
        EXPECT_TRUE(has(head, "x-should-retry: false"));
        EXPECT_EQ(head.find("retry-after"), std::string::npos);
    }
}

} // namespace
} // namespace tollgate::gateway
