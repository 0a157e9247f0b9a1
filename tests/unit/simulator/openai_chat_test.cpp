#include "unit/simulator/ask.hpp"

#include <gtest/gtest.h>

namespace tollgate::simulator {

namespace {

using nlohmann::json;

constexpr std::string_view path = "/v1/chat/completions";

json call(std::string_view model, json more = json::object()) {
    json body{{"model", model}, {"messages", {{{"role", "user"}, {"content", "Good day"}}}}};
    body.update(more);
    return body;
}

json whole(const json& body) {
    const Reply reply = ask(path, body.dump());
    EXPECT_EQ(reply.form, Form::whole);
    return body_of(reply);
}

std::vector<json> stream(json body) {
    body["stream"] = true;
    const Reply reply = ask(path, body.dump());
    EXPECT_EQ(reply.form, Form::stream);
    EXPECT_EQ(stamped(reply.events.back().bytes), "data: [DONE]\n\n");
    return chunks_of(reply);
}

const json weather_tool = json::parse(
    R"({"tools":[{"type":"function","function":{"name":"get_weather","parameters":
        {"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}}}}}]})");

json with(json first, const json& second) {
    first.update(second);
    return first;
}

} // namespace

TEST(Chat, AWholeAnswerHasTheFieldsOfTheReference) {
    const json answer = whole(call("gpt-4o"));
    EXPECT_TRUE(answer["id"].get<std::string>().starts_with("chatcmpl-"));
    EXPECT_EQ(answer["object"], "chat.completion");
    EXPECT_EQ(answer["created"], 1'795'426'954);
    EXPECT_EQ(answer["model"], "gpt-4o");
    EXPECT_EQ(answer["service_tier"], "default");
    EXPECT_TRUE(answer["system_fingerprint"].is_string());
    const json& choice = answer["choices"].at(0);
    EXPECT_EQ(choice["index"], 0);
    EXPECT_TRUE(choice["logprobs"].is_null());
    EXPECT_EQ(choice["finish_reason"], "stop");
    EXPECT_EQ(choice["message"]["role"], "assistant");
    EXPECT_TRUE(choice["message"]["content"].is_string());
    EXPECT_TRUE(choice["message"]["refusal"].is_null());
}

TEST(Chat, CountsAQuarterOfThePromptAndOneTokenAPiece) {
    const json usage = whole(call("gpt-4o"))["usage"];
    EXPECT_EQ(usage["prompt_tokens"], 2); // "Good day" is eight bytes
    EXPECT_EQ(usage["completion_tokens"], 32);
    EXPECT_EQ(usage["total_tokens"], 34);
    EXPECT_EQ(usage["prompt_tokens_details"]["cached_tokens"], 0);
    EXPECT_EQ(usage["completion_tokens_details"]["reasoning_tokens"], 0);
    EXPECT_FALSE(usage["prompt_tokens_details"].contains("cache_write_tokens"));
}

TEST(Chat, ReportsTheCountsOfTheScript) {
    const json usage = whole(call("m+tokens=5+prompt_tokens=100+cached_tokens=40+cache_write_tokens=6+"
                                  "reasoning_tokens=7"))["usage"];
    EXPECT_EQ(usage["prompt_tokens"], 100);
    EXPECT_EQ(usage["prompt_tokens_details"]["cached_tokens"], 40);
    EXPECT_EQ(usage["prompt_tokens_details"]["cache_write_tokens"], 6);
    EXPECT_EQ(usage["completion_tokens"], 12);
    EXPECT_EQ(usage["completion_tokens_details"]["reasoning_tokens"], 7);
    EXPECT_EQ(usage["total_tokens"], 112);
}

TEST(Chat, AStreamOpensWithTheRoleAndEndsWithTheReason) {
    const auto chunks = stream(call("m+tokens=3"));
    ASSERT_EQ(chunks.size(), 5U);
    for (const json& chunk : chunks) {
        EXPECT_EQ(chunk["object"], "chat.completion.chunk");
        EXPECT_EQ(chunk["id"], chunks[0]["id"]);
        EXPECT_FALSE(chunk.contains("usage"));
    }
    EXPECT_EQ(chunks[0]["choices"][0]["delta"]["role"], "assistant");
    EXPECT_EQ(chunks[0]["choices"][0]["delta"]["content"], "");
    EXPECT_EQ(chunks[1]["choices"][0]["delta"], (json{{"content", "and"}}));
    EXPECT_TRUE(chunks[3]["choices"][0]["finish_reason"].is_null());
    EXPECT_EQ(chunks[4]["choices"][0]["delta"], json::object());
    EXPECT_EQ(chunks[4]["choices"][0]["finish_reason"], "stop");
}

TEST(Chat, AStreamHasTheTextOfTheWholeAnswer) {
    std::string text;
    for (const json& chunk : stream(call("m+tokens=40")))
        text += chunk["choices"][0]["delta"].value("content", "");
    EXPECT_EQ(json(text), whole(call("m+tokens=40"))["choices"][0]["message"]["content"]);
}

TEST(Chat, UsageComesInAChunkOfItsOwnWhenAskedFor) {
    const auto chunks = stream(call("m+tokens=3", {{"stream_options", {{"include_usage", true}}}}));
    ASSERT_EQ(chunks.size(), 6U);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_TRUE(chunks[i].at("usage").is_null());
    EXPECT_EQ(chunks[5]["choices"], json::array());
    EXPECT_EQ(chunks[5]["usage"]["completion_tokens"], 3);
}

TEST(Chat, UsageGoesWhereTheScriptPutsIt) {
    struct Case {
        const char* place;
        std::vector<std::size_t> chunks; // those with a usage object
    };
    for (const Case& each : {Case{"off", {}}, Case{"always", {4}}, Case{"finish", {3}}, Case{"1", {1}},
                             Case{"every", {0, 1, 2, 3}}}) {
        const auto chunks = stream(call(std::string("m+tokens=2+usage=") + each.place));
        std::vector<std::size_t> with_usage;
        for (std::size_t i = 0; i < chunks.size(); ++i)
            if (chunks[i].contains("usage") && chunks[i]["usage"].is_object()) with_usage.push_back(i);
        EXPECT_EQ(with_usage, each.chunks) << each.place;
    }
    EXPECT_FALSE(whole(call("m+usage=off")).contains("usage"));
}

TEST(Chat, RunningTotalsGrowByOne) {
    const auto chunks = stream(call("m+tokens=2+usage=every"));
    EXPECT_EQ(chunks[0]["usage"]["completion_tokens"], 0);
    EXPECT_EQ(chunks[1]["usage"]["completion_tokens"], 1);
    EXPECT_EQ(chunks[2]["usage"]["completion_tokens"], 2);
}

TEST(Chat, MaxTokensEndsTheAnswerWithLength) {
    for (const char* name : {"max_tokens", "max_completion_tokens"}) {
        const json answer = whole(call("m+tokens=10", {{name, 4}}));
        EXPECT_EQ(answer["choices"][0]["finish_reason"], "length");
        EXPECT_EQ(answer["usage"]["completion_tokens"], 4);
    }
    EXPECT_EQ(whole(call("m+tokens=4", {{"max_tokens", 4}}))["choices"][0]["finish_reason"], "stop");
}

TEST(Chat, ReasoningEatsOfTheCapFirst) {
    const json answer = whole(call("m+tokens=10+reasoning_tokens=6", {{"max_completion_tokens", 8}}));
    EXPECT_EQ(answer["usage"]["completion_tokens"], 8);
    EXPECT_EQ(answer["usage"]["completion_tokens_details"]["reasoning_tokens"], 6);
    const json starved = whole(call("m+tokens=10+reasoning_tokens=60", {{"max_completion_tokens", 8}}));
    EXPECT_EQ(starved["usage"]["completion_tokens"], 8);
    EXPECT_EQ(starved["choices"][0]["message"]["content"], "");
}

TEST(Chat, AFaultyProviderRunsPastTheCap) {
    const json answer = whole(call("m+tokens=10+cap=off", {{"max_tokens", 4}}));
    EXPECT_EQ(answer["usage"]["completion_tokens"], 10);
    EXPECT_EQ(answer["choices"][0]["finish_reason"], "stop");
}

TEST(Chat, SeveralChoicesAreDifferentAndAllCounted) {
    const json answer = whole(call("m+tokens=5", {{"n", 3}}));
    ASSERT_EQ(answer["choices"].size(), 3U);
    EXPECT_NE(answer["choices"][0]["message"], answer["choices"][1]["message"]);
    EXPECT_EQ(answer["usage"]["completion_tokens"], 15);
    std::size_t finished = 0;
    for (const json& chunk : stream(call("m+tokens=5", {{"n", 3}})))
        if (chunk["choices"][0]["finish_reason"] == "stop") ++finished;
    EXPECT_EQ(finished, 3U);
}

TEST(Chat, CallsAToolThatIsGiven) {
    const json choice = whole(call("m", weather_tool))["choices"][0];
    EXPECT_EQ(choice["finish_reason"], "tool_calls");
    EXPECT_TRUE(choice["message"]["content"].is_null());
    const json& made = choice["message"]["tool_calls"][0];
    EXPECT_TRUE(made["id"].get<std::string>().starts_with("call_"));
    EXPECT_EQ(made["type"], "function");
    EXPECT_EQ(made["function"]["name"], "get_weather");
    const json arguments = json::parse(made["function"]["arguments"].get<std::string>());
    EXPECT_TRUE(arguments["city"].is_string());
    EXPECT_TRUE(arguments["days"].is_number_integer());
}

TEST(Chat, AStreamedToolCallComesInFragmentsOfOneIndex) {
    const auto chunks = stream(call("m", weather_tool));
    const json& opening = chunks[0]["choices"][0]["delta"]["tool_calls"][0];
    EXPECT_EQ(opening["function"]["name"], "get_weather");
    EXPECT_TRUE(opening.contains("id"));
    std::string arguments;
    for (std::size_t i = 0; i + 1 < chunks.size(); ++i) {
        const json& part = chunks[i]["choices"][0]["delta"]["tool_calls"][0];
        EXPECT_EQ(part["index"], 0);
        EXPECT_EQ(part.contains("id"), i == 0);
        arguments += part["function"]["arguments"].get<std::string>();
    }
    EXPECT_GT(chunks.size(), 5U);
    EXPECT_TRUE(json::parse(arguments).contains("city"));
    EXPECT_EQ(chunks.back()["choices"][0]["finish_reason"], "tool_calls");
}

TEST(Chat, AnswersWithTextWhenNoToolIsWanted) {
    const json result{{"messages", {{{"role", "tool"}, {"content", "sunny"}, {"tool_call_id", "call_1"}}}}};
    for (const json& body :
         {call("m", with(weather_tool, {{"tool_choice", "none"}})), call("m+tool=none", weather_tool),
          call("m", with(weather_tool, result)), call("m", {{"tools", json::array()}})})
        EXPECT_TRUE(whole(body)["choices"][0]["message"]["content"].is_string()) << body;
}

TEST(Chat, TheNamedToolIsCalled) {
    json tools = weather_tool;
    tools["tools"].push_back({{"type", "function"}, {"function", {{"name", "second"}}}});
    const json by_choice{{"tool_choice", {{"type", "function"}, {"function", {{"name", "second"}}}}}};
    for (const json& body :
         {call("m", with(tools, by_choice)), call("m+tool=second", tools), call("m+tool=second")})
        EXPECT_EQ(whole(body)["choices"][0]["message"]["tool_calls"][0]["function"]["name"], "second")
            << body;
}

TEST(Chat, AnswersWithJsonThatFitsTheFormat) {
    const json object = whole(call("m", {{"response_format", {{"type", "json_object"}}}}));
    EXPECT_TRUE(json::parse(object["choices"][0]["message"]["content"].get<std::string>()).is_object());
    const json schema = json::parse(R"({"response_format":{"type":"json_schema","json_schema":
        {"name":"x","schema":{"type":"object","properties":{"count":{"type":"integer"}}}}}})");
    const json fitted = whole(call("m", schema));
    EXPECT_TRUE(
        json::parse(fitted["choices"][0]["message"]["content"].get<std::string>())["count"].is_number());
}

TEST(Chat, TheScriptChoosesReasonAndModel) {
    const json answer = whole(call("gpt-4o+finish=content_filter+model=gpt-4o-2024-08-06"));
    EXPECT_EQ(answer["model"], "gpt-4o-2024-08-06");
    EXPECT_EQ(answer["choices"][0]["finish_reason"], "content_filter");
}

TEST(Chat, RefusesWhatTheProviderRefuses) {
    for (const char* body :
         {R"({"model":"m"})", R"({"model":"m","messages":[]})", R"({"model":"m","messages":5})",
          R"({"model":"m","messages":[{}],"n":0})", R"({"model":"m","messages":[{}],"n":129})"}) {
        const Reply reply = ask(path, body);
        EXPECT_EQ(reply.status, 400) << body;
        EXPECT_EQ(body_of(reply)["error"]["type"], "invalid_request_error") << body;
    }
}

TEST(Chat, WrongTypesAreAnErrorAnswerNotAnException) {
    for (const char* more :
         {R"("tools":5)", R"("tools":[5])", R"("tool_choice":7,"tools":[{}])", R"("response_format":"x")",
          R"("stream_options":1,"stream":true)", R"("max_tokens":"x")"}) {
        const std::string body =
            std::string(R"({"model":"m","messages":[{"role":"user","content":7}],)") + more + "}";
        const Reply reply = ask(path, body);
        EXPECT_TRUE(reply.status == 200 || reply.status == 400) << body;
    }
}

} // namespace tollgate::simulator
