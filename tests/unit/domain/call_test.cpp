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

} // namespace tollgate::domain
