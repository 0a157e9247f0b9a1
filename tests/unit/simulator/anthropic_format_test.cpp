#include "simulator/anthropic_format.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace tollgate::simulator {

TEST(AnthropicFormat, ErrorsHaveTypeMessageAndRequestId) {
    struct Case {
        int status;
        const char* type;
    };
    for (const Case& each :
         {Case{400, "invalid_request_error"}, Case{401, "authentication_error"},
          Case{403, "permission_error"}, Case{404, "not_found_error"}, Case{413, "request_too_large"},
          Case{422, "invalid_request_error"}, Case{429, "rate_limit_error"}, Case{500, "api_error"},
          Case{503, "api_error"}, Case{529, "overloaded_error"}}) {
        const Reply reply = anthropic::error(Failure{.status = each.status});
        const auto body = nlohmann::json::parse(reply.body);
        EXPECT_EQ(reply.status, each.status);
        EXPECT_EQ(body.at("type"), "error");
        EXPECT_EQ(body.at("error").at("type"), each.type) << each.status;
        EXPECT_FALSE(body.at("error").at("message").get<std::string>().empty());
        EXPECT_TRUE(body.at("request_id").is_string());
    }
}

TEST(AnthropicFormat, CountsDoNotOverlap) {
    const Json usage = anthropic::usage_object(
        {.prompt = 100, .completion = 7, .cached = 40, .cache_write = 10, .reasoning = 2});
    EXPECT_EQ(usage["input_tokens"], 50);
    EXPECT_EQ(usage["cache_read_input_tokens"], 40);
    EXPECT_EQ(usage["cache_creation_input_tokens"], 10);
    EXPECT_EQ(usage["output_tokens"], 7);
    EXPECT_EQ(anthropic::usage_object({.prompt = 5, .cached = 40})["input_tokens"], 0);
}

TEST(AnthropicFormat, AnswersCarryTheProvidersHeaders) {
    const Reply reply = anthropic::error(Failure{});
    for (const char* name :
         {"request-id", "anthropic-organization-id", "anthropic-ratelimit-tokens-remaining"})
        EXPECT_TRUE(std::ranges::any_of(reply.headers, [&](const auto& header) {
            return header.first == name;
        })) << name;
}

} // namespace tollgate::simulator
