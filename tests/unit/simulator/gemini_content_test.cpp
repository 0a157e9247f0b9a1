#include "unit/simulator/ask.hpp"

#include <gtest/gtest.h>

namespace tollgate::simulator {

namespace {

using nlohmann::json;

std::string path(std::string_view model, std::string_view verb) {
    return "/v1beta/models/" + std::string(model) + ":" + std::string(verb);
}

json call(json more = json::object()) {
    json body{{"contents", {{{"role", "user"}, {"parts", {{{"text", "Good day"}}}}}}}};
    body.update(more);
    return body;
}

json whole(std::string_view model, const json& body) {
    return body_of(ask(path(model, "generateContent"), body.dump()));
}

const json weather_tool = json::parse(R"({"tools":[{"functionDeclarations":[{"name":"get_weather",
    "parameters":{"type":"OBJECT","properties":{"city":{"type":"STRING"},"days":{"type":"INTEGER"}}}}]}]})");

} // namespace

TEST(Gemini, AWholeAnswerHasTheFieldsOfTheReference) {
    const json answer = whole("gemini-2.5-flash", call());
    EXPECT_EQ(answer["candidates"][0]["content"]["role"], "model");
    EXPECT_TRUE(answer["candidates"][0]["content"]["parts"][0]["text"].is_string());
    EXPECT_EQ(answer["candidates"][0]["finishReason"], "STOP");
    EXPECT_EQ(answer["usageMetadata"]["promptTokenCount"], 2);
    EXPECT_EQ(answer["usageMetadata"]["candidatesTokenCount"], 32);
    EXPECT_EQ(answer["modelVersion"], "gemini-2.5-flash");
}

TEST(Gemini, DirectivesStandInThePathAndMayBeEncoded) {
    for (const char* model : {"g+tokens=3+tag=a", "g%2Btokens=3%2Btag=a"}) {
        const Reply reply = ask(path(model, "generateContent"), call().dump());
        EXPECT_EQ(reply.counts.completion, 3U) << model;
        EXPECT_EQ(reply.script.tag, "a") << model;
    }
}

TEST(Gemini, AStreamHasOneObjectATokenWithRunningTotals) {
    const Reply reply =
        ask(path("g+tokens=3+reasoning_tokens=5", "streamGenerateContent") + "?alt=sse", call().dump());
    EXPECT_EQ(reply.form, Form::stream);
    const auto chunks = chunks_of(reply);
    ASSERT_EQ(chunks.size(), 3U);
    EXPECT_EQ(chunks[0]["usageMetadata"]["candidatesTokenCount"], 1);
    EXPECT_FALSE(chunks[0]["candidates"][0].contains("finishReason"));
    EXPECT_EQ(chunks[2]["usageMetadata"]["candidatesTokenCount"], 3);
    EXPECT_EQ(chunks[2]["usageMetadata"]["thoughtsTokenCount"], 5);
    EXPECT_EQ(chunks[2]["candidates"][0]["finishReason"], "STOP");
}

TEST(Gemini, WithoutEventsAStreamIsAnArray) {
    const Reply reply = ask(path("g+tokens=3", "streamGenerateContent"), call().dump());
    EXPECT_EQ(reply.form, Form::whole);
    EXPECT_EQ(body_of(reply).size(), 3U);
}

TEST(Gemini, CapsCandidatesAndJson) {
    const json capped =
        whole("g+tokens=9", call({{"generationConfig", {{"maxOutputTokens", 4}, {"candidateCount", 2}}}}));
    EXPECT_EQ(capped["candidates"].size(), 2U);
    EXPECT_EQ(capped["candidates"][1]["finishReason"], "MAX_TOKENS");
    EXPECT_EQ(capped["usageMetadata"]["candidatesTokenCount"], 8);
    const json fitted = whole("g", call({{"generationConfig", {{"responseMimeType", "application/json"}}}}));
    EXPECT_TRUE(json::accept(fitted["candidates"][0]["content"]["parts"][0]["text"].get<std::string>()));
}

TEST(Gemini, CallsAFunction) {
    const json part = whole("g", call(weather_tool))["candidates"][0]["content"]["parts"][0];
    EXPECT_EQ(part["functionCall"]["name"], "get_weather");
    EXPECT_TRUE(part["functionCall"]["args"]["city"].is_string());
    EXPECT_TRUE(part["functionCall"]["args"]["days"].is_number_integer());
    const Reply reply = ask(path("g", "streamGenerateContent") + "?alt=sse", call(weather_tool).dump());
    EXPECT_EQ(chunks_of(reply).size(), 1U);
}

TEST(Gemini, AnswersWithTextWhenNoFunctionIsWanted) {
    json none = weather_tool;
    none["toolConfig"] = {{"functionCallingConfig", {{"mode", "NONE"}}}};
    json result = weather_tool;
    result["contents"] = json::parse(R"([{"parts":[{"functionResponse":{"name":"get_weather"}}]}])");
    for (const json& body : {call(none), call(result)})
        EXPECT_TRUE(whole("g", body)["candidates"][0]["content"]["parts"][0].contains("text")) << body;
}

TEST(Gemini, CountsTokensAndRefusesTheRest) {
    EXPECT_EQ(body_of(ask(path("g", "countTokens"), call().dump()))["totalTokens"], 2);
    EXPECT_EQ(ask(path("g", "unheard"), call().dump()).status, 404);
    EXPECT_EQ(ask("/v1beta/models/g", call().dump()).status, 404);
    for (const char* body :
         {"{}", "x", R"({"contents":5})", R"({"contents":[]})", R"({"contents":[5],"toolConfig":5})"})
        EXPECT_EQ(ask(path("g", "generateContent"), body).status, 400) << body;
}

TEST(Gemini, AScriptedStatusHasItsOwnShape) {
    EXPECT_EQ(body_of(ask(path("g+status=429", "generateContent"), call().dump()))["error"]["status"],
              "RESOURCE_EXHAUSTED");
}

} // namespace tollgate::simulator
