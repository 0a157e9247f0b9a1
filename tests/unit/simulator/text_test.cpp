#include "simulator/text.hpp"

#include <gtest/gtest.h>

namespace tollgate::simulator {

using Json = nlohmann::ordered_json;

namespace {

std::string together(const std::vector<std::string>& all) {
    std::string text;
    for (const std::string& piece : all) text += piece;
    return text;
}

} // namespace

TEST(Words, AreAsManyAsAskedForAndTheSameForTheSameSeed) {
    for (const std::size_t count : {0U, 1U, 2U, 500U}) EXPECT_EQ(words(1, count).size(), count);
    EXPECT_EQ(words(1, 50), words(1, 50));
    EXPECT_NE(words(1, 50), words(2, 50));
    EXPECT_EQ(together(words(1, 4)), "and one some where");
}

TEST(Words, AllButTheFirstBeginWithASpace) {
    const auto all = words(3, 20);
    EXPECT_NE(all[0].front(), ' ');
    for (std::size_t i = 1; i < all.size(); ++i) EXPECT_EQ(all[i].front(), ' ');
}

TEST(Pieces, PutTogetherAreTheText) {
    const std::string text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 plain";
    for (std::size_t width = 0; width < 20; ++width) EXPECT_EQ(together(pieces(text, width)), text);
    EXPECT_TRUE(pieces("", 4).empty());
}

TEST(Pieces, NeverEndInsideACharacter) {
    for (const std::string& piece : pieces("\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC", 2))
        EXPECT_EQ(piece, "\xE2\x82\xAC");
}

TEST(SampleOf, FitsTheSchema) {
    const Json schema = Json::parse(R"({"type":"object","properties":{
        "city":{"type":"string"},"unit":{"enum":["c","f"]},"days":{"type":"integer"},"exact":{"type":"boolean"},
        "ratio":{"type":"number"},"tags":{"type":"array","items":{"type":"string"}},"kind":{"const":"x"},
        "maybe":{"type":["integer","null"]},"either":{"anyOf":[{"type":"boolean"},{"type":"string"}]},
        "nothing":{"type":"null"},"inner":{"properties":{"deep":{"type":"string"}}}}})");
    const Json sample = sample_of(schema, 1);
    EXPECT_TRUE(sample["city"].is_string());
    EXPECT_EQ(sample["unit"], "c");
    EXPECT_TRUE(sample["days"].is_number_integer());
    EXPECT_EQ(sample["exact"], true);
    EXPECT_TRUE(sample["ratio"].is_number());
    EXPECT_TRUE(sample["tags"].is_array() && sample["tags"][0].is_string());
    EXPECT_EQ(sample["kind"], "x");
    EXPECT_TRUE(sample["maybe"].is_number_integer());
    EXPECT_EQ(sample["either"], true);
    EXPECT_TRUE(sample["nothing"].is_null());
    EXPECT_TRUE(sample["inner"]["deep"].is_string());
    EXPECT_EQ(sample, sample_of(schema, 1));
}

TEST(SampleOf, SurvivesSchemasThatAreNone) {
    for (const char* text : {"null", "5", "[]", "{}", R"({"type":7})", R"({"type":[]})", R"({"enum":[]})",
                             R"({"properties":5,"type":"object"})", R"({"items":5,"type":"array"})"})
        EXPECT_NO_THROW((void)sample_of(Json::parse(text), 1)) << text;
}

TEST(SampleOf, EndsInASchemaWithoutEnd) {
    Json schema = Json::object();
    for (int i = 0; i < 100; ++i) schema = Json{{"type", "array"}, {"items", schema}};
    EXPECT_LT(sample_of(schema, 1).dump().size(), 100U);
}

} // namespace tollgate::simulator
