#include "unit/simulator/ask.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace tollgate::simulator {

namespace {

constexpr std::string_view path = "/v1/chat/completions";

std::string chat_call(std::string_view model, std::string_view text = "x") {
    return nlohmann::json{{"model", model}, {"messages", {{{"role", "user"}, {"content", text}}}}}.dump();
}

std::string header_of(const Reply& reply, std::string_view name) {
    const auto found = std::ranges::find(reply.headers, name, &std::pair<std::string, std::string>::first);
    return found == reply.headers.end() ? "" : found->second;
}

} // namespace

TEST(Routes, AnyPrefixMayStandBeforeTheVersion) {
    for (const char* target : {"/v1/models", "/openai/v1/models", "/a/b/v1/models", "/v1/models?limit=3"})
        EXPECT_EQ(ask(target, "").status, 200) << target;
}

TEST(Routes, UnknownPathsAndMethodsAreToldApart) {
    for (const char* target : {"/", "/v1", "/v1/", "/v1/nothing", "/models", "/v2/models"})
        EXPECT_EQ(ask(target, "").status, 404) << target;
    EXPECT_EQ(ask(path, "").status, 405);
    EXPECT_EQ(ask("/v1/models", "{}").status, 405);
    EXPECT_EQ(body_of(ask("/v1/nothing", ""))["error"]["message"], "Invalid URL (GET /v1/nothing)");
}

TEST(Routes, AWrongKeyIsRefusedBeforeTheBodyIsRead) {
    Settings settings;
    settings.require_key = "sk-right";
    Attempts attempts;
    Received received{.method = "POST",
                      .target = path,
                      .body = "not json",
                      .authorization = "Bearer sk-wrong",
                      .api_key = ""};
    EXPECT_EQ(answer(received, settings, attempts).status, 401);
    received.authorization = "Bearer sk-right";
    EXPECT_EQ(answer(received, settings, attempts).status, 400);
    received.authorization = "";
    received.api_key = "sk-right";
    EXPECT_EQ(answer(received, settings, attempts).status, 400);
    received.api_key = "";
    EXPECT_EQ(answer(received, settings, attempts).status, 401);
}

TEST(Routes, RefusesBodiesThatAreNoJsonObjectOrNameNoModel) {
    for (const char* body : {"x", "{", "[]", "5", "{}", R"({"model":5})", R"({"model":""})"})
        EXPECT_EQ(ask(path, body).status, 400) << body;
}

TEST(Routes, ThePromptHasPrecedenceOverTheModelAndBothOverTheCommandLine) {
    Settings settings;
    settings.script.tokens = 1;
    settings.script.reasoning_tokens = 1000;
    EXPECT_EQ(ask(path, chat_call("m"), settings).counts.completion, 1001U);
    EXPECT_EQ(ask(path, chat_call("m+tokens=2"), settings).counts.completion, 1002U);
    EXPECT_EQ(ask(path, chat_call("m+tokens=2", "[[sim: tokens=3]]"), settings).counts.completion, 1003U);
}

TEST(Routes, TheHeaderSpeaksTooAndTheModelHasPrecedence) {
    Attempts attempts;
    const std::string body = chat_call("m+tokens=2");
    const Received received{.method = "POST",
                            .target = path,
                            .body = body,
                            .authorization = "",
                            .api_key = "",
                            .directives = "tokens=9 tag=a"};
    const Reply reply = answer(received, {}, attempts);
    EXPECT_EQ(reply.counts.completion, 2U);
    EXPECT_EQ(reply.script.tag, "a");
}

TEST(Routes, AnUnknownDirectiveIsAnErrorAnswer) {
    const Reply reply = ask(path, chat_call("m+tokken=2"));
    EXPECT_EQ(reply.status, 400);
    EXPECT_NE(reply.body.find("tokken=2"), std::string::npos);
}

TEST(Routes, AScriptedStatusHasTheProvidersShapeAndTellsWhenToComeAgain) {
    const Reply reply =
        ask(path, chat_call("m+status=429+code=insufficient_quota+retry_after=3+retry_after_ms=2500"));
    EXPECT_EQ(reply.status, 429);
    EXPECT_EQ(body_of(reply)["error"]["code"], "insufficient_quota");
    EXPECT_EQ(header_of(reply, "retry-after"), "3");
    EXPECT_EQ(header_of(reply, "retry-after-ms"), "2500");
}

TEST(Routes, AStatusBelowFourHundredKeepsTheAnswer) {
    const Reply reply = ask(path, chat_call("m+status=201"));
    EXPECT_EQ(reply.status, 201);
    EXPECT_EQ(body_of(reply)["object"], "chat.completion");
}

TEST(Routes, TheFirstFewOfATagFail) {
    Attempts attempts;
    const auto status = [&](std::string_view model) {
        const std::string body = chat_call(model);
        return answer({.method = "POST", .target = path, .body = body, .authorization = "", .api_key = ""},
                      {}, attempts)
            .status;
    };
    EXPECT_EQ(status("m+status_once=503:2+tag=a"), 503);
    EXPECT_EQ(status("other+status_once=503:2+tag=a"), 503);
    EXPECT_EQ(status("m+status_once=503:2+tag=b"), 503);
    EXPECT_EQ(status("m+status_once=503:2+tag=a"), 200);
    EXPECT_EQ(status("m+status_once=429:1"), 429);
    EXPECT_EQ(status("m+status_once=429:1"), 200);
}

TEST(Routes, OnlyAnswersWithoutMemoryMayBeRepeated) {
    EXPECT_EQ(ask(path, chat_call("m")).repeatable, Repeatable::yes);
    EXPECT_EQ(ask(path, chat_call("m+status_once=503:1")).repeatable, Repeatable::no);
}

TEST(Routes, AnEarlyAnswerNeedsOnlyTheBeginningOfTheBody) {
    const auto early = [](std::string_view body, Settings settings = {}) {
        return answer_early(
            {.method = "POST", .target = path, .body = body, .authorization = "", .api_key = ""}, settings);
    };
    const auto by_model = early(R"({"model":"m+fault=early","mess)");
    ASSERT_TRUE(by_model.has_value());
    EXPECT_EQ(by_model->status, 413);
    EXPECT_EQ(by_model->model, "m+fault=early");
    EXPECT_EQ(early(R"({"model": "m+fault=early+status=500","mess)")->status, 500);
    EXPECT_TRUE(early(R"({"messages":[{"content":"[[sim: fault=early]])").has_value());
    Settings always;
    always.script.fault.kind = FaultKind::early;
    EXPECT_TRUE(early("", always).has_value());
    for (const char* body : {"", "{", R"({"model)", R"({"model":)", R"({"model":"m"})",
                             R"({"model":"m+fault=hang"})", R"({"model":"m+fault=earl)"})
        EXPECT_FALSE(early(body).has_value()) << body;
}

} // namespace tollgate::simulator
