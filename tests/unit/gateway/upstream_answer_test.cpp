#include "gateway/upstream_answer.hpp"

#include <gtest/gtest.h>

#include <map>

namespace tollgate::gateway {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;

TEST(UpstreamAnswer, MeansWhatTheContractSaysForEveryStatus) {
    const std::map<int, AnswerKind> passing{{400, AnswerKind::passes}, {404, AnswerKind::passes},
                                            {409, AnswerKind::passes}, {413, AnswerKind::passes},
                                            {415, AnswerKind::passes}, {422, AnswerKind::passes},
                                            {429, AnswerKind::busy},   {401, AnswerKind::ours},
                                            {402, AnswerKind::ours},   {403, AnswerKind::ours}};
    for (int status = 200; status < 600; ++status) {
        const auto special = passing.find(status);
        const AnswerKind usual = status < 300 ? AnswerKind::good : AnswerKind::broken;
        EXPECT_EQ(answer_kind(status), special == passing.end() ? usual : special->second) << status;
    }
}

TEST(UpstreamAnswer, BecomesAnErrorThatNamesTheProvider) {
    for (const AnswerKind kind :
         {AnswerKind::passes, AnswerKind::busy, AnswerKind::ours, AnswerKind::broken}) {
        const base::Error error = failure_of(kind, 418, "acme");
        EXPECT_EQ(error.source, base::ErrorSource::upstream);
        EXPECT_NE(error.message.find("acme"), std::string::npos);
        const bool unreadable = kind == AnswerKind::passes || kind == AnswerKind::busy;
        EXPECT_EQ(error.code, unreadable ? ErrorCode::invalid_response : ErrorCode::all_providers_failed);
    }
}

TEST(UpstreamAnswer, KeepsTheReasonOfAFailedWait) {
    for (const ErrorCode code :
         {ErrorCode::connect_timeout, ErrorCode::first_byte_timeout, ErrorCode::idle_timeout,
          ErrorCode::total_timeout, ErrorCode::invalid_response, ErrorCode::overloaded,
          ErrorCode::client_gone}) {
        EXPECT_EQ(failure_of(base::Error{.code = code}, "acme").code, code);
    }
    for (const ErrorCode code : {ErrorCode::connection_closed, ErrorCode::cancelled, ErrorCode::internal})
        EXPECT_EQ(failure_of(base::Error{.code = code, .message = "10.0.0.7 said no"}, "acme").code,
                  ErrorCode::all_providers_failed);
    const base::Error told =
        failure_of(base::Error{.code = ErrorCode::connection_closed, .message = "10.0.0.7 said no"}, "acme");
    EXPECT_EQ(told.message.find("10.0.0.7"),
              std::string::npos); // the inside of the house is nobody's business
}

std::optional<milliseconds> pause_for(const std::vector<std::pair<std::string, std::string>>& sent) {
    http::Fields fields;
    for (const auto& [name, value] : sent) fields.add({name, value});
    return wanted_pause(fields);
}

TEST(UpstreamAnswer, SaysHowLongToWait) {
    EXPECT_EQ(pause_for({{"Retry-After", "7"}}), milliseconds(7000));
    EXPECT_EQ(pause_for({{"retry-after", "0"}}), milliseconds(0));
    EXPECT_EQ(pause_for({{"retry-after-ms", "1500"}}), milliseconds(1500));
    EXPECT_EQ(pause_for({{"retry-after", "7"}, {"retry-after-ms", "1500"}}), milliseconds(1500));
    EXPECT_EQ(pause_for({{"retry-after", "7"}, {"retry-after-ms", "soon"}}), milliseconds(7000));
}

TEST(UpstreamAnswer, SaysNothingOfWaitingThatCanBeUsed) {
    for (const std::string value : {"", "soon", "-1", "1.5", "7s", " 7", "+7", "86400",
                                    "99999999999999999999", "Wed, 21 Oct 2026 07:28:00 GMT"})
        EXPECT_EQ(pause_for({{"retry-after", value}}), std::nullopt) << value;
    EXPECT_EQ(pause_for({}), std::nullopt);
}

TEST(UpstreamAnswer, NeverOverflowsAPause) {
    const auto pause = pause_for({{"retry-after-ms", "9223372036854775807"}});
    if (pause) EXPECT_GE(pause->count(), 0);
}

TEST(UpstreamAnswer, CrossesAsItIsWhenItsBodyIsAnErrorObject) {
    http::ResponseHead head;
    head.status = 429;
    head.fields.add({"retry-after", "3"});
    head.fields.add({"retry-after-ms", "2500"});
    head.fields.add({"x-should-retry", "true"});
    head.fields.add({"x-request-id", "req_1"});
    head.fields.add({"set-cookie", "a=b"});
    const std::string body = R"( {"error" : {"message":"slow down"}} )";
    const auto answer = passable(head, body);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 429);
    EXPECT_EQ(answer->body, body);
    EXPECT_EQ(answer->retry_after, "3");
    EXPECT_EQ(answer->retry_after_ms, "2500");
    EXPECT_EQ(answer->should_retry, "true");
    EXPECT_EQ(answer->request_id, "req_1");
}

TEST(UpstreamAnswer, DoesNotCrossInAnyOtherForm) {
    http::ResponseHead head;
    head.status = 400;
    for (const std::string body :
         {"", "<html>no</html>", "[]", "null", "\"error\"", "{}", "{\"message\":\"no\"}",
          "{\"error\":{\"message\":\"cut", "{\"error\":1} trailing", "{\"Error\":{}}"})
        EXPECT_FALSE(passable(head, body)) << body;
}

} // namespace
} // namespace tollgate::gateway
