#include "unit/simulator/ask.hpp"

#include <gtest/gtest.h>

namespace tollgate::simulator {

namespace {

using nlohmann::json;

constexpr std::string_view path = "/v1/messages";

json call(std::string_view model, json more = json::object()) {
    json body{
        {"model", model}, {"max_tokens", 1000}, {"messages", {{{"role", "user"}, {"content", "Good day"}}}}};
    body.update(more);
    return body;
}

json whole(const json& body) {
    return body_of(ask(path, body.dump()));
}

std::vector<json> stream(json body) {
    body["stream"] = true;
    return chunks_of(ask(path, body.dump()));
}

const json weather_tool = json::parse(
    R"({"tools":[{"name":"get_weather","input_schema":{"properties":{"city":{"type":"string"}}}}]})");

} // namespace

TEST(Messages, AWholeAnswerHasTheFieldsOfTheReference) {
    const json answer = whole(call("claude-sonnet-4-5"));
    EXPECT_TRUE(answer["id"].get<std::string>().starts_with("msg_"));
    EXPECT_EQ(answer["type"], "message");
    EXPECT_EQ(answer["role"], "assistant");
    EXPECT_EQ(answer["model"], "claude-sonnet-4-5");
    EXPECT_EQ(answer["content"][0]["type"], "text");
    EXPECT_EQ(answer["stop_reason"], "end_turn");
    EXPECT_TRUE(answer["stop_sequence"].is_null());
    EXPECT_EQ(answer["usage"]["input_tokens"], 2);
    EXPECT_EQ(answer["usage"]["output_tokens"], 32);
}

TEST(Messages, AStreamHasTheNamedEventsInOrder) {
    json body = call("m+tokens=2");
    body["stream"] = true;
    const Reply reply = ask(path, body.dump());
    std::vector<std::string> names;
    for (const Event& event : reply.events) {
        const std::string bytes = stamped(event.bytes);
        names.push_back(bytes.substr(7, bytes.find('\n') - 7));
        EXPECT_EQ(json::parse(bytes.substr(bytes.find("data: ") + 6))["type"], names.back());
    }
    EXPECT_EQ(names, (std::vector<std::string>{"message_start", "content_block_start", "ping",
                                               "content_block_delta", "content_block_delta",
                                               "content_block_stop", "message_delta", "message_stop"}));
}

TEST(Messages, UsageOpensWithTheInputAndEndsWithTheOutput) {
    const auto events = stream(call("m+tokens=9+prompt_tokens=100+cached_tokens=40+cache_write_tokens=10"));
    EXPECT_EQ(events.front()["message"]["usage"]["input_tokens"], 50);
    EXPECT_EQ(events.front()["message"]["usage"]["cache_read_input_tokens"], 40);
    EXPECT_EQ(events.front()["message"]["usage"]["output_tokens"], 1);
    const json& end = events[events.size() - 2];
    EXPECT_EQ(end["usage"]["output_tokens"], 9);
    EXPECT_EQ(end["delta"]["stop_reason"], "end_turn");
}

TEST(Messages, UsageMayBeMissing) {
    EXPECT_FALSE(whole(call("m+usage=off")).contains("usage"));
    for (const json& event : stream(call("m+usage=off"))) EXPECT_FALSE(event.contains("usage"));
}

TEST(Messages, MaxTokensEndsTheAnswer) {
    const json answer = whole(call("m+tokens=9", {{"max_tokens", 4}}));
    EXPECT_EQ(answer["stop_reason"], "max_tokens");
    EXPECT_EQ(answer["usage"]["output_tokens"], 4);
}

TEST(Messages, CallsATool) {
    const json answer = whole(call("m", weather_tool));
    EXPECT_EQ(answer["stop_reason"], "tool_use");
    EXPECT_EQ(answer["content"][0]["name"], "get_weather");
    EXPECT_TRUE(answer["content"][0]["input"]["city"].is_string());
    std::string fragments;
    for (const json& event : stream(call("m", weather_tool)))
        if (event["type"] == "content_block_delta")
            fragments += event["delta"]["partial_json"].get<std::string>();
    EXPECT_EQ(json::parse(fragments), answer["content"][0]["input"]);
}

TEST(Messages, AnswersWithTextWhenNoToolIsWanted) {
    json none = weather_tool;
    none["tool_choice"] = {{"type", "none"}};
    json result = weather_tool;
    result["messages"] =
        json::parse(R"([{"role":"user","content":[{"type":"tool_result","content":"sunny"}]}])");
    for (const json& body : {call("m", none), call("m", result), call("m+tool=none", weather_tool)})
        EXPECT_EQ(whole(body)["content"][0]["type"], "text") << body;
}

TEST(Messages, ATruncatedToolCallIsStillAnObject) {
    const json answer = whole(call("m", {{"tools", weather_tool["tools"]}, {"max_tokens", 1}}));
    EXPECT_EQ(answer["stop_reason"], "max_tokens");
    EXPECT_EQ(answer["content"][0]["input"], json::object());
}

TEST(Messages, CountTokensCountsTheSystemPromptToo) {
    json body = call("m", {{"system", "12345678"}});
    EXPECT_EQ(body_of(ask("/v1/messages/count_tokens", body.dump()))["input_tokens"], 4);
    body["system"] = json::parse(R"([{"type":"text","text":"1234"}])");
    EXPECT_EQ(body_of(ask("/v1/messages/count_tokens", body.dump()))["input_tokens"], 3);
}

TEST(Messages, RefusesWhatTheProviderRefuses) {
    for (const char* body :
         {R"({"model":"m","max_tokens":1})", R"({"model":"m","max_tokens":1,"messages":[]})",
          R"({"model":"m","messages":[{"role":"user","content":"x"}]})", "{}", "x"}) {
        const Reply reply = ask(path, body);
        EXPECT_EQ(reply.status, 400) << body;
        EXPECT_EQ(body_of(reply)["error"]["type"], "invalid_request_error") << body;
    }
}

TEST(Messages, AnErrorInTheStreamIsANamedEvent) {
    json body = call("m+error_in_stream=3+status=200");
    body["stream"] = true;
    const Reply reply = ask(path, body.dump());
    ASSERT_EQ(reply.events.size(), 4U);
    EXPECT_TRUE(stamped(reply.events.back().bytes).starts_with("event: error\ndata: {\"type\":\"error\""));
}

} // namespace tollgate::simulator
