#include "gateway/request_body.hpp"

#include "tollgate/http/json_call.hpp"

#include <gtest/gtest.h>

namespace tollgate::gateway {
namespace {

using domain::Endpoint;

std::string edited(const std::string& body, const BodyEdits& edits,
                   Endpoint endpoint = Endpoint::chat_completions) {
    const auto call = http::parse_call(body, endpoint);
    EXPECT_TRUE(call) << body;
    return call ? request_body(*call, body, edits).value_or(std::string(body)) : std::string();
}

TEST(RequestBody, IsTheClientsWhenNothingIsToBeChanged) {
    const std::string body =
        " {\"messages\" : [ ],\t\"model\":\"gpt\\u002d4o\" ,\"unknown\":{\"x\":1e400},\"n\":1}\r\n";
    EXPECT_EQ(edited(body, {.model = "gpt-4o"}), body);
}

TEST(RequestBody, HasTheProvidersNameOfTheModelInItsPlace) {
    EXPECT_EQ(
        edited(R"({"model":"openai/gpt-4o","messages":[{"content":"openai/gpt-4o"}]})", {.model = "gpt-4o"}),
        R"({"model":"gpt-4o","messages":[{"content":"openai/gpt-4o"}]})");
    EXPECT_EQ(edited(R"({"messages":[],"model" :  "a" })", {.model = R"(odd"name\)"}),
              R"({"messages":[],"model" :  "odd\"name\\" })");
}

TEST(RequestBody, AsksForTheUsageOfAStreamOnce) {
    const BodyEdits none{.model = "m"};
    const std::vector<std::pair<std::string, std::string>> table{
        {R"({"model":"m","messages":[],"stream":true})",
         R"({"stream_options":{"include_usage":true},"model":"m","messages":[],"stream":true})"},
        {R"({"model":"m","messages":[],"stream":true,"stream_options":{}})",
         R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}})"},
        {R"({"model":"m","messages":[],"stream":true,"stream_options":null})",
         R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}})"},
        {R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":false}})",
         R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}})"},
        {R"({"model":"m","messages":[],"stream":true,"stream_options":{"x":1}})",
         R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true,"x":1}})"},
    };
    for (const auto& [body, wanted] : table) {
        EXPECT_EQ(edited(body, none), wanted);
        const auto again = http::parse_call(edited(body, none), Endpoint::chat_completions);
        ASSERT_TRUE(again);
        EXPECT_TRUE(again->include_usage);
    }
    for (const std::string same :
         {R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}})",
          R"({"model":"m","messages":[],"stream":false})", R"({"model":"m","messages":[]})"})
        EXPECT_EQ(edited(same, none), same);
}

TEST(RequestBody, LowersTheCapToWhatTheMoneyCovers) {
    const BodyEdits edits{.model = "m", .output_cap = 50, .cap_member = "max_completion_tokens"};
    EXPECT_EQ(edited(R"({"model":"m","messages":[],"max_tokens":100})", edits),
              R"({"model":"m","messages":[],"max_tokens":50})");
    EXPECT_EQ(edited(R"({"model":"m","messages":[],"max_tokens":20})", edits),
              R"({"model":"m","messages":[],"max_tokens":20})");
    const std::string added = edited(R"({"model":"m","messages":[]})", edits);
    const auto call = http::parse_call(added, Endpoint::chat_completions);
    ASSERT_TRUE(call) << added;
    ASSERT_EQ(call->output_caps.size(), 1U);
    EXPECT_EQ(call->output_caps.front().tokens, 50U);
    EXPECT_NE(added.find("\"max_completion_tokens\":50"), std::string::npos);
}

TEST(RequestBody, TakesAllEditsTogetherAndStaysStrictJson) {
    const BodyEdits edits{.model = "much-longer-name", .output_cap = 7, .cap_member = "max_tokens"};
    for (
        const std::string body :
        {R"({"model":"m","messages":[],"stream":true})",
         R"({"stream":true,"stream_options":{"include_usage":false},"max_tokens":9,"model":"m","messages":[]})",
         R"({"max_completion_tokens":900,"max_tokens":8,"stream_options":{},"messages":[],"stream":true,"model":"m"})"}) {
        const std::string out = edited(body, edits);
        const auto call = http::parse_call(out, Endpoint::chat_completions);
        ASSERT_TRUE(call) << out;
        EXPECT_EQ(call->model, "much-longer-name");
        EXPECT_TRUE(call->include_usage);
        for (const auto& cap : call->output_caps) EXPECT_EQ(cap.tokens, 7U) << out;
        EXPECT_FALSE(call->output_caps.empty());
    }
}

TEST(RequestBody, DoesNotAskAnEmbeddingForTheUsageOfAStream) {
    const std::string body = R"({"model":"m","input":"x","stream":true})";
    EXPECT_EQ(edited(body, {.model = "m"}, Endpoint::embeddings), body);
}

TEST(RequestBody, NamesTheCapAsTheProviderDoes) {
    EXPECT_EQ(cap_member_of("openai", Endpoint::chat_completions), "max_completion_tokens");
    EXPECT_EQ(cap_member_of("openai", Endpoint::completions), "max_tokens");
    EXPECT_EQ(cap_member_of("mistral", Endpoint::chat_completions), "max_tokens");
}

} // namespace
} // namespace tollgate::gateway
