#include "tollgate/domain/call.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tollgate::domain {

TEST(Endpoint, HasItsNameAndItsPathBelowTheBaseUrl) {
    EXPECT_EQ(to_string(Endpoint::chat_completions), "chat.completions");
    EXPECT_EQ(to_string(Endpoint::completions), "completions");
    EXPECT_EQ(to_string(Endpoint::embeddings), "embeddings");
    EXPECT_EQ(path_of(Endpoint::chat_completions), "/chat/completions");
    EXPECT_EQ(path_of(Endpoint::completions), "/completions");
    EXPECT_EQ(path_of(Endpoint::embeddings), "/embeddings");
}

TEST(ApplySplices, LeavesTheBodyAloneWithoutSplices) {
    EXPECT_EQ(apply_splices(R"({"a":1})", {}), R"({"a":1})");
    EXPECT_EQ(apply_splices("", {}), "");
}

TEST(ApplySplices, ReplacesInsertsAndRemovesInAnyOrder) {
    const std::string_view body = "0123456789";
    EXPECT_EQ(apply_splices(body, {{{2, 3}, "abc"}}), "01abc56789");
    EXPECT_EQ(apply_splices(body, {{{0, 0}, ">"}, {{10, 0}, "<"}}), ">0123456789<");
    EXPECT_EQ(apply_splices(body, {{{8, 2}, ""}, {{0, 1}, "zero"}, {{4, 0}, "-"}}), "zero123-4567");
    EXPECT_EQ(apply_splices(body, {{{0, 10}, ""}}), "");
}

TEST(ApplySplices, KeepsTheOrderOfInsertionsAtOnePlaceAndPutsThemBeforeAReplacement) {
    EXPECT_EQ(apply_splices("xy", {{{1, 1}, "Y"}, {{1, 0}, "a"}, {{1, 0}, "b"}}), "xabY");
    EXPECT_EQ(apply_splices("", {{{0, 0}, "a"}, {{0, 0}, "b"}, {{0, 0}, "c"}}), "abc");
}

TEST(ApplySplices, JoinsNeighbours) {
    EXPECT_EQ(apply_splices("abcd", {{{2, 2}, "2"}, {{0, 2}, "1"}}), "12");
}

TEST(ApplySplices, EqualsEditsMadeFromTheBackInAnyOrderGiven) {
    std::mt19937 random(7);
    for (int round = 0; round < 500; ++round) {
        const std::string body = "abcdefghijklmnopqrstuvwxyz";
        std::vector<Splice> splices;
        for (std::size_t at = random() % 4; at + 3 < body.size(); at += 3 + random() % 6) {
            splices.push_back({{at, random() % 4}, std::string(random() % 3, '#')});
        }
        std::string expected = body;
        for (auto splice = splices.rbegin(); splice != splices.rend(); ++splice) {
            expected.replace(splice->at.offset, splice->at.length, splice->text);
        }
        // Neighbours that touch would make the order matter; replacements above leave none at one place.
        std::shuffle(splices.begin(), splices.end(), random);
        EXPECT_EQ(apply_splices(body, splices), expected);
    }
}

TEST(ApplySplicesDeathTest, DoesNotGuessAboutOverlapsAndPlacesOutside) {
    EXPECT_DEATH(apply_splices("abcd", {{{0, 3}, ""}, {{2, 1}, ""}}), "");
    EXPECT_DEATH(apply_splices("abcd", {{{5, 0}, ""}}), "");
    EXPECT_DEATH(apply_splices("abcd", {{{3, 2}, ""}}), "");
    EXPECT_DEATH(apply_splices("abcd", {{{3, static_cast<std::size_t>(-1)}, ""}}), "");
}

TEST(RenameModel, WritesAJsonString) {
    const Call call{.model_value = {9, 3}};
    EXPECT_EQ(apply_splices(R"({"model":"a"})", {rename_model(call, "gpt-4o")}), R"({"model":"gpt-4o"})");
    EXPECT_EQ(rename_model(call, "a\"b\\c\n\x1f\xc3\xa9").text, "\"a\\\"b\\\\c\\u000a\\u001f\xc3\xa9\"");
}

TEST(AskForUsage, LeavesACallAloneThatAsksItself) {
    EXPECT_EQ(ask_for_usage(Call{.include_usage = true, .include_usage_value = Span{3, 4}}), std::nullopt);
}

TEST(AskForUsage, ReplacesWhatIsThereAndInsertsWhatIsNot) {
    const auto edited = [](std::string_view body, const Call& call) {
        return apply_splices(body, {ask_for_usage(call).value()});
    };
    EXPECT_EQ(edited(R"({"m":1})", {.object_open = 1}), R"({"stream_options":{"include_usage":true},"m":1})");
    EXPECT_EQ(edited("{}", {.object_open = 1, .is_empty_object = true}),
              R"({"stream_options":{"include_usage":true}})");
    EXPECT_EQ(edited(R"({"stream_options":null})", {.stream_options_value = Span{18, 4}, .object_open = 1}),
              R"({"stream_options":{"include_usage":true}})");
    EXPECT_EQ(edited(R"({"stream_options":{ }})", {.stream_options_value = Span{18, 3}, .object_open = 1}),
              R"({"stream_options":{"include_usage":true}})");
    EXPECT_EQ(
        edited(R"({"stream_options":{"a":1}})",
               {.stream_options_value = Span{18, 7}, .has_stream_options_members = true, .object_open = 1}),
        R"({"stream_options":{"include_usage":true,"a":1}})");
    EXPECT_EQ(edited(R"({"stream_options":{"include_usage":false}})", {.include_usage_value = Span{35, 5},
                                                                       .stream_options_value = Span{18, 23},
                                                                       .has_stream_options_members = true,
                                                                       .object_open = 1}),
              R"({"stream_options":{"include_usage":true}})");
}

TEST(CapOutput, LowersOnlyWhatIsAbove) {
    const std::string_view body = R"({"max_tokens":500,"max_completion_tokens":20})";
    const Call call{.output_caps = {{500, {14, 3}}, {20, {42, 2}}}, .object_open = 1};
    EXPECT_EQ(apply_splices(body, cap_output(call, 100, "max_tokens")),
              R"({"max_tokens":100,"max_completion_tokens":20})");
    EXPECT_EQ(apply_splices(body, cap_output(call, 7, "max_tokens")),
              R"({"max_tokens":7,"max_completion_tokens":7})");
    EXPECT_TRUE(cap_output(call, 500, "max_tokens").empty());
}

TEST(CapOutput, SetsACapWhereThereIsNoneAndNeverASecondMember) {
    EXPECT_EQ(apply_splices(R"({"m":1})", cap_output({.object_open = 1}, 9, "max_tokens")),
              R"({"max_tokens":9,"m":1})");
    EXPECT_EQ(
        apply_splices(R"({"max_tokens":null})", cap_output({.null_output_caps = {{14, 4}}, .object_open = 1},
                                                           9, "max_completion_tokens")),
        R"({"max_tokens":9})");
}

} // namespace tollgate::domain
