#include "unit/simulator/ask.hpp"

#include <gtest/gtest.h>

namespace tollgate::simulator {

namespace {

using nlohmann::json;

constexpr std::string_view path = "/v1/completions";

Reply complete(const json& body) {
    return ask(path, body.dump());
}

} // namespace

TEST(Completions, AWholeAnswerHasTextAndUsage) {
    const json answer = body_of(complete({{"model", "m+tokens=3"}, {"prompt", "Good day"}}));
    EXPECT_TRUE(answer["id"].get<std::string>().starts_with("cmpl-"));
    EXPECT_EQ(answer["object"], "text_completion");
    EXPECT_EQ(answer["choices"][0]["text"], "and one some");
    EXPECT_EQ(answer["choices"][0]["finish_reason"], "stop");
    EXPECT_TRUE(answer["choices"][0]["logprobs"].is_null());
    EXPECT_EQ(answer["usage"]["prompt_tokens"], 2);
    EXPECT_EQ(answer["usage"]["completion_tokens"], 3);
}

TEST(Completions, AreSixteenTokensAtMostUnlessAskedFor) {
    const json answer = body_of(complete({{"model", "m"}, {"prompt", "x"}}));
    EXPECT_EQ(answer["usage"]["completion_tokens"], 16);
    EXPECT_EQ(answer["choices"][0]["finish_reason"], "length");
}

TEST(Completions, AStreamHasTheSameTextAndUsageOnlyWhenAskedFor) {
    const json plain{{"model", "m+tokens=3"}, {"prompt", "x"}, {"stream", true}};
    std::string text;
    for (const json& chunk : chunks_of(complete(plain))) {
        text += chunk["choices"][0]["text"].get<std::string>();
        EXPECT_FALSE(chunk.contains("usage"));
    }
    EXPECT_EQ(text, "and one some");
    json asking = plain;
    asking["stream_options"] = {{"include_usage", true}};
    const auto chunks = chunks_of(complete(asking));
    EXPECT_EQ(chunks.back()["choices"], json::array());
    EXPECT_EQ(chunks.back()["usage"]["completion_tokens"], 3);
}

TEST(Completions, PromptsMayBeListsAndTokens) {
    EXPECT_EQ(complete({{"model", "m"}, {"prompt", {"abcd", "efgh"}}}).counts.prompt, 2U);
    EXPECT_EQ(complete({{"model", "m"}, {"prompt", {1, 2, 3}}}).counts.prompt, 3U);
}

TEST(Completions, RefuseAMissingPromptAndTooManyChoices) {
    EXPECT_EQ(complete({{"model", "m"}}).status, 400);
    EXPECT_EQ(complete({{"model", "m"}, {"prompt", "x"}, {"n", 129}}).status, 400);
}

} // namespace tollgate::simulator
