#include "simulator/call.hpp"

#include <gtest/gtest.h>

namespace tollgate::simulator {

TEST(Call, ReadsMembersOfTheRightTypeOnly) {
    const Json object = Json::parse(R"({"n":3,"negative":-1,"half":0.5,"flag":true,"text":"x","list":[1]})");
    EXPECT_EQ(number_of(object, "n", 9), 3U);
    for (const char* name : {"negative", "half", "flag", "text", "list", "absent"})
        EXPECT_EQ(number_of(object, name, 9), 9U) << name;
    EXPECT_TRUE(flag_of(object, "flag"));
    for (const char* name : {"n", "text", "absent"}) EXPECT_FALSE(flag_of(object, name)) << name;
    EXPECT_EQ(text_of(object, "text"), "x");
    for (const char* name : {"n", "flag", "absent"}) EXPECT_EQ(text_of(object, name), "") << name;
    for (const char* none : {"5", "[]", "null", "\"n\""})
        EXPECT_EQ(number_of(Json::parse(none), "n", 9), 9U) << none;
}

TEST(Call, CountsTheTextOfEveryKindOfPrompt) {
    struct Case {
        const char* prompt;
        std::size_t bytes;
    };
    for (const Case& each :
         {Case{R"("abcd")", 4}, Case{"[]", 0}, Case{R"(["ab","cd"])", 4}, Case{"[1,2,3]", 12},
          Case{"null", 0}, Case{R"([{"role":"user","content":"abc"}])", 3},
          Case{R"([{"role":"user","content":[{"type":"text","text":"abc"},{"type":"image_url"}]}])", 3},
          Case{R"([{"parts":[{"text":"ab"}]}])", 2}})
        EXPECT_EQ(prompt_bytes(Json::parse(each.prompt)), each.bytes) << each.prompt;
}

TEST(Call, PromptTokensAreAQuarterRoundedUpAndAtLeastOne) {
    const Script script;
    for (const auto& [bytes, tokens] :
         {std::pair{0U, 1U}, {1U, 1U}, {4U, 1U}, {5U, 2U}, {8U, 2U}, {4001U, 1001U}})
        EXPECT_EQ(prompt_tokens(script, bytes), tokens) << bytes;
    EXPECT_EQ(prompt_tokens(Script{.prompt_tokens = 0}, 100), 0U);
}

} // namespace tollgate::simulator
