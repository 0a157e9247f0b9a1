#include "unit/simulator/ask.hpp"

#include <gtest/gtest.h>

namespace tollgate::simulator {

using nlohmann::json;

TEST(Models, AreListed) {
    const json answer = body_of(ask("/v1/models", ""));
    EXPECT_EQ(answer["object"], "list");
    EXPECT_GT(answer["data"].size(), 5U);
    for (const json& model : answer["data"]) {
        EXPECT_EQ(model["object"], "model");
        EXPECT_TRUE(model["id"].is_string() && model["created"].is_number() && model["owned_by"].is_string());
    }
}

TEST(Models, EveryNameIsAModel) {
    for (const char* name : {"gpt-4o", "anything", "vendor/model"})
        EXPECT_EQ(body_of(ask(std::string("/v1/models/") + name, ""))["id"], name);
}

TEST(Moderations, FlagNothing) {
    const json answer =
        body_of(ask("/v1/moderations", R"({"model":"omni-moderation-latest","input":["a","b"]})"));
    ASSERT_EQ(answer["results"].size(), 2U);
    EXPECT_EQ(answer["results"][0]["flagged"], false);
    EXPECT_EQ(answer["results"][0]["categories"]["self-harm/intent"], false);
    EXPECT_LT(answer["results"][0]["category_scores"]["violence"], 0.1);
}

TEST(Moderations, NeedAnInput) {
    EXPECT_EQ(ask("/v1/moderations", R"({"model":"m"})").status, 400);
}

} // namespace tollgate::simulator
