#include "simulator/generation.hpp"

#include <gtest/gtest.h>

namespace tollgate::simulator {

namespace {

Generation generated(const Script& script, const Prompt& prompt) {
    Call call{.received = {}, .rest = {}, .script = script};
    return generate(call, prompt);
}

} // namespace

TEST(Generation, CountsWhatItMade) {
    for (const std::uint32_t tokens : {0U, 1U, 32U, 1000U})
        for (const std::uint64_t cap : {0U, 1U, 31U, 32U, 33U})
            for (const std::uint64_t choices : {1U, 3U}) {
                const auto made =
                    generated(Script{.tokens = tokens}, Prompt{.choices = choices, .most_tokens = cap});
                std::size_t pieces = 0;
                for (const auto& choice : made.choices) pieces += choice.size();
                EXPECT_EQ(made.counts.completion, pieces);
                EXPECT_EQ(made.reached_cap, cap != 0 && tokens > cap);
                EXPECT_EQ(made.choices.size(), choices);
                if (cap != 0) EXPECT_LE(made.counts.completion, cap * choices);
            }
}

TEST(Generation, AScriptedCountOfAToolCallIsReportedNotMade) {
    const Prompt prompt{.tool = "f", .tool_schema = Json::parse(R"({"properties":{"a":{"type":"string"}}})")};
    const auto natural = generated(Script{}, prompt);
    EXPECT_EQ(natural.content, Content::tool);
    EXPECT_EQ(natural.counts.completion, natural.choices[0].size());
    const auto scripted = generated(Script{.tokens = 500}, prompt);
    EXPECT_EQ(scripted.counts.completion, 500U);
    EXPECT_EQ(joined(scripted.choices[0]), joined(natural.choices[0]));
}

TEST(Generation, ACapCutsJsonInTheMiddle) {
    const auto made = generated(
        Script{}, Prompt{.most_tokens = 2, .json_schema = Json::parse(R"({"properties":{"answer":{}}})")});
    EXPECT_TRUE(made.reached_cap);
    EXPECT_FALSE(Json::accept(joined(made.choices[0])));
}

} // namespace tollgate::simulator
