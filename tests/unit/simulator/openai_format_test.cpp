#include "simulator/openai_format.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace tollgate::simulator {

namespace {

nlohmann::json error_of(const Failure& failure) {
    return nlohmann::json::parse(openai::error(failure).body).at("error");
}

} // namespace

TEST(OpenaiFormat, ErrorsHaveTheFourFieldsAndACodeThatIsTextOrNull) {
    for (const int status : {400, 401, 403, 404, 408, 409, 413, 418, 422, 429, 500, 502, 503, 504, 529}) {
        const Reply reply = openai::error(Failure{.status = status});
        EXPECT_EQ(reply.status, status);
        const auto error = nlohmann::json::parse(reply.body).at("error");
        EXPECT_FALSE(error.at("message").get<std::string>().empty()) << status;
        EXPECT_TRUE(error.at("type").is_string()) << status;
        EXPECT_TRUE(error.at("param").is_null()) << status;
        EXPECT_TRUE(error.at("code").is_null() || error.at("code").is_string()) << status;
    }
}

TEST(OpenaiFormat, KnowsTheUsualCodes) {
    EXPECT_EQ(error_of({.status = 401})["code"], "invalid_api_key");
    EXPECT_EQ(error_of({.status = 404})["code"], "model_not_found");
    EXPECT_EQ(error_of({.status = 429})["code"], "rate_limit_exceeded");
    EXPECT_EQ(error_of({.status = 429, .code = "insufficient_quota"})["type"], "insufficient_quota");
    EXPECT_EQ(error_of({.status = 500})["type"], "server_error");
}

TEST(OpenaiFormat, AWrongKeyIsQuotedAtItsEnds) {
    const Failure failure = openai_format().wrong_key("sk-proj-abcdefghijklmnop1234");
    EXPECT_EQ(failure.status, 401);
    EXPECT_EQ(failure.code, "invalid_api_key");
    EXPECT_NE(failure.message.find("sk-proj-****************1234."), std::string::npos) << failure.message;
    EXPECT_NE(openai_format().wrong_key("short").message.find("short"), std::string::npos);
    EXPECT_NE(openai_format().wrong_key("").message.find("didn't provide"), std::string::npos);
}

TEST(OpenaiFormat, AnswersCarryTheProvidersHeaders) {
    const Reply reply = openai::error(Failure{});
    for (const char* name :
         {"x-request-id", "openai-processing-ms", "openai-version", "openai-organization", "set-cookie",
          "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests",
          "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"})
        EXPECT_TRUE(std::ranges::any_of(reply.headers, [&](const auto& header) {
            return header.first == name;
        })) << name;
}

TEST(OpenaiFormat, RoutesMatchWholePathsAndStarsAnythingBehind) {
    const Route plain{"POST", "chat/completions", nullptr, nullptr};
    EXPECT_TRUE(plain.matches("chat/completions"));
    EXPECT_FALSE(plain.matches("chat/completions/"));
    EXPECT_FALSE(plain.matches("completions"));
    const Route star{"GET", "models/*", nullptr, nullptr};
    EXPECT_TRUE(star.matches("models/a"));
    EXPECT_TRUE(star.matches("models/a/b"));
    EXPECT_FALSE(star.matches("models/"));
    EXPECT_FALSE(star.matches("models"));
}

TEST(OpenaiFormat, InvalidTextIsReplacedNotThrownOver) {
    EXPECT_EQ(openai::text(Json{{"a", "\xFF"}}), "{\"a\":\"\xEF\xBF\xBD\"}");
}

} // namespace tollgate::simulator
