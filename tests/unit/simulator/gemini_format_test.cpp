#include "simulator/gemini_format.hpp"

#include <gtest/gtest.h>

namespace tollgate::simulator {

TEST(GeminiFormat, ErrorsHaveCodeMessageAndStatus) {
    struct Case {
        int status;
        const char* name;
    };
    for (const Case& each :
         {Case{400, "INVALID_ARGUMENT"}, Case{403, "PERMISSION_DENIED"}, Case{404, "NOT_FOUND"},
          Case{418, "INVALID_ARGUMENT"}, Case{429, "RESOURCE_EXHAUSTED"}, Case{500, "INTERNAL"},
          Case{502, "INTERNAL"}, Case{503, "UNAVAILABLE"}}) {
        const auto error =
            nlohmann::json::parse(gemini::error(Failure{.status = each.status}).body).at("error");
        EXPECT_EQ(error.at("code"), each.status);
        EXPECT_EQ(error.at("status"), each.name);
        EXPECT_FALSE(error.at("message").get<std::string>().empty());
    }
}

TEST(GeminiFormat, ThoughtsStandBesideTheCandidates) {
    const Json usage = gemini::usage_object({.prompt = 10, .completion = 12, .cached = 4, .reasoning = 5});
    EXPECT_EQ(usage["promptTokenCount"], 10);
    EXPECT_EQ(usage["candidatesTokenCount"], 7);
    EXPECT_EQ(usage["thoughtsTokenCount"], 5);
    EXPECT_EQ(usage["cachedContentTokenCount"], 4);
    EXPECT_EQ(usage["totalTokenCount"], 22);
    EXPECT_FALSE(gemini::usage_object({.prompt = 1}).contains("thoughtsTokenCount"));
}

} // namespace tollgate::simulator
