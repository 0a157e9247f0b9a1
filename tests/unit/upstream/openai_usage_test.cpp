#include "tollgate/upstream/openai_usage.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace tollgate::upstream {

namespace {

using domain::Usage;
using domain::UsageSource;

constexpr const char* plain_answer =
    R"({"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-4o",)"
    R"("choices":[{"index":0,)"
    R"("message":{"role":"assistant","content":"Hello \"usage\":{} there"},"finish_reason":"stop"}],)"
    R"("usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,)"
    R"("prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},)"
    R"("completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}},"service_tier":"default"})";

struct Row {
    const char* name;
    const char* usage; // the value of the member `usage`
    Usage expected;
};

const Row rows[] = {
    {"the plain three",
     R"({"prompt_tokens":19,"completion_tokens":10,"total_tokens":29})",
     {.input = 19, .output = 10}},
    {"cached tokens are taken out of the prompt",
     R"({"prompt_tokens":2006,"completion_tokens":300,"total_tokens":2306,)"
     R"("prompt_tokens_details":{"cached_tokens":1920}})",
     {.input = 86, .cached_input = 1920, .output = 300}},
    {"cache writes too",
     R"({"prompt_tokens":1000,"completion_tokens":1,"total_tokens":1001,)"
     R"("prompt_tokens_details":{"cached_tokens":200,"cache_write_tokens":700}})",
     {.input = 100, .cached_input = 200, .cache_write = 700, .output = 1}},
    {"audio both ways",
     R"({"prompt_tokens":50,"completion_tokens":200,"total_tokens":250,)"
     R"("prompt_tokens_details":{"cached_tokens":0,)"
     R"("audio_tokens":30},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":150}})",
     {.input = 20, .output = 50, .audio_input = 30, .audio_output = 150}},
    {"reasoning is inside the completion",
     R"({"prompt_tokens":75,"completion_tokens":1186,"total_tokens":1261,)"
     R"("completion_tokens_details":{"reasoning_tokens":1024,"accepted_prediction_tokens":0}})",
     {.input = 75, .output = 1186, .reasoning = 1024}},
    {"thinking of Gemini is only in the total",
     R"({"completion_tokens":10,"prompt_tokens":32,"total_tokens":89})",
     {.input = 32, .output = 57, .reasoning = 47}},
    {"reasoning of xAI stands beside the completion",
     R"({"prompt_tokens":32,"completion_tokens":9,"total_tokens":135,)"
     R"("prompt_tokens_details":{"text_tokens":32,)"
     R"("audio_tokens":0,"image_tokens":0,"cached_tokens":6},)"
     R"("completion_tokens_details":{"reasoning_tokens":94,"audio_tokens":0},"num_sources_used":0})",
     {.input = 26, .cached_input = 6, .output = 103, .reasoning = 94}},
    {"cache hits of DeepSeek",
     R"({"prompt_tokens":1000,"completion_tokens":50,"total_tokens":1050,"prompt_cache_hit_tokens":960,)"
     R"("prompt_cache_miss_tokens":40})",
     {.input = 40, .cached_input = 960, .output = 50}},
    {"cache hits of DeepSeek, given twice",
     R"({"prompt_tokens":1000,"completion_tokens":50,"total_tokens":1050,)"
     R"("prompt_tokens_details":{"cached_tokens":960},)"
     R"("prompt_cache_hit_tokens":960,"prompt_cache_miss_tokens":40})",
     {.input = 40, .cached_input = 960, .output = 50}},
    {"cached tokens of Moonshot",
     R"({"prompt_tokens":100,"completion_tokens":5,"total_tokens":105,"cached_tokens":64})",
     {.input = 36, .cached_input = 64, .output = 5}},
    {"embeddings", R"({"prompt_tokens":8,"total_tokens":8})", {.input = 8}},
    {"embeddings whose total is off", R"({"prompt_tokens":8,"total_tokens":9})", {.input = 8}},
    {"details may be null",
     R"({"prompt_tokens":5,"completion_tokens":6,"total_tokens":11,"prompt_tokens_details":null,)"
     R"("completion_tokens_details":null})",
     {.input = 5, .output = 6}},
    {"a null completion is none",
     R"({"prompt_tokens":5,"completion_tokens":null,"total_tokens":5})",
     {.input = 5}},
    {"no total", R"({"prompt_tokens":5,"completion_tokens":6})", {.input = 5, .output = 6}},
    {"a total that is too small",
     R"({"prompt_tokens":5,"completion_tokens":6,"total_tokens":3})",
     {.input = 5, .output = 6}},
    {"zero is a count", R"({"prompt_tokens":0,"completion_tokens":0,"total_tokens":0})", {}},
    {"more cached than prompt is cut",
     R"({"prompt_tokens":10,"completion_tokens":0,"prompt_tokens_details":{"cached_tokens":99,)"
     R"("audio_tokens":5}})",
     {.cached_input = 10}},
    {"more audio than completion is cut",
     R"({"prompt_tokens":1,"completion_tokens":4,"completion_tokens_details":{"audio_tokens":9,)"
     R"("reasoning_tokens":7}})",
     {.input = 1, .audio_output = 4}},
    {"a broken detail is none",
     R"({"prompt_tokens":10,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":-3}})",
     {.input = 10, .output = 1}},
    {"unknown members are passed over",
     R"({"queue_time":0.1,"prompt_tokens":10,"x":{"prompt_tokens":3},"y":[1,{"z":2}],"completion_tokens":1})",
     {.input = 10, .output = 1}},
    {"the largest count",
     R"({"prompt_tokens":1099511627776,"completion_tokens":1})",
     {.input = std::uint64_t{1} << 40, .output = 1}},
    {"a key may be written with escapes",
     R"({"prompt\u005ftokens":3,"completion_tokens":1})",
     {.input = 3, .output = 1}},
};

std::optional<ReportedUsage> read_usage(std::string_view json) {
    return read_chunk(json).reported;
}

domain::TextMeasure text_of(std::string_view json) {
    return read_chunk(json).text;
}

std::string chunk_with(std::string_view usage) {
    return R"({"id":"c","choices":[],"usage":)" + std::string(usage) + "}";
}

std::string with_cost(const std::string& json, const char* cost) {
    std::string edited = json;
    auto splices = cost_splices(read_usage(json).value(), base::Money::parse(cost).value(), "INR");
    std::ranges::sort(splices, std::greater(), [](const auto& splice) { return splice.at.offset; });
    for (const auto& splice : splices) edited.replace(splice.at.offset, splice.at.length, splice.text);
    return edited;
}

} // namespace

TEST(ReadUsage, GivesDisjointKindsForEveryDialect) {
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        const auto reported = read_usage(chunk_with(row.usage));
        ASSERT_TRUE(reported.has_value());
        Usage expected = row.expected;
        expected.source = UsageSource::provider;
        EXPECT_EQ(reported->usage, expected);
        EXPECT_TRUE(reported->choices_empty);
    }
}

TEST(ReadUsage, TellsAbsentFromZero) {
    for (const char* json : {R"({})",
                             R"([])",
                             R"(7)",
                             "",
                             "{",
                             R"({"choices":[]})",
                             R"({"usage":null})",
                             R"({"usage":{}})",
                             R"({"usage":[1]})",
                             R"({"usage":7})",
                             R"({"usage":"usage"})",
                             R"({"usage":{"total_tokens":7}})",
                             R"({"usage":{"completion_tokens":7}})",
                             R"({"usage":{"prompt_tokens":null}})",
                             R"({"usage":{"prompt_tokens":-1}})",
                             R"({"usage":{"prompt_tokens":1.5}})",
                             R"({"usage":{"prompt_tokens":1e3}})",
                             R"({"usage":{"prompt_tokens":"12"}})",
                             R"({"usage":{"prompt_tokens":1099511627777}})",
                             R"({"usage":{"prompt_tokens":99999999999999999999}})",
                             R"({"usage":{"prompt_tokens":1,"completion_tokens":-1}})",
                             R"({"usage":{"prompt_tokens":1,"completion_tokens":0.5}})",
                             R"({"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":"many"}})",
                             R"({"error":{"usage":{"prompt_tokens":1,"completion_tokens":1}}})",
                             R"({"choices":[{"usage":{"prompt_tokens":1,"completion_tokens":1}}]})"}) {
        EXPECT_FALSE(read_usage(json).has_value()) << json;
    }
}

TEST(ReadUsage, FindsTheObjectInAWholeBody) {
    const std::string body = plain_answer;
    const auto reported = read_usage(body);
    ASSERT_TRUE(reported.has_value());
    EXPECT_EQ(reported->usage.input, 19U);
    EXPECT_EQ(reported->usage.output, 10U);
    EXPECT_FALSE(reported->choices_empty);
    const auto object = body.substr(reported->usage_object.offset, reported->usage_object.length);
    EXPECT_TRUE(object.starts_with(R"({"prompt_tokens":19)"));
    EXPECT_TRUE(object.ends_with(R"("audio_tokens":0}})"));
}

TEST(ReadUsage, TakesAMissingListOfChoicesForAnEmptyOne) {
    EXPECT_TRUE(read_usage(R"({"usage":{"prompt_tokens":1}})")->choices_empty);
    EXPECT_FALSE(read_usage(R"({"choices":[{"delta":{}}],"usage":{"prompt_tokens":1}})")->choices_empty);
    EXPECT_FALSE(read_usage(R"({"choices":7,"usage":{"prompt_tokens":1}})")->choices_empty);
}

TEST(ReadUsage, GoesByTheLastOfTwoObjectsAsClientsDo) {
    const auto reported = read_usage(R"({"usage":{"prompt_tokens":1},"usage":{"prompt_tokens":2}})");
    EXPECT_EQ(reported->usage.input, 2U);
    EXPECT_FALSE(read_usage(R"({"usage":{"prompt_tokens":1},"usage":null})").has_value());
}

TEST(ReadUsage, FindsNothingInABodyThatBreaksOff) {
    const std::string body = plain_answer;
    for (std::size_t length = 0; length < body.size(); ++length) {
        EXPECT_FALSE(read_usage(body.substr(0, length)).has_value()) << length;
    }
}

TEST(ReadUsage, SurvivesRandomDamage) {
    std::mt19937 engine(3);
    for (int i = 0; i < 20'000; ++i) {
        std::string body = plain_answer;
        for (int damage = 0; damage < 3; ++damage) {
            body[engine() % body.size()] = "\"{}[]:,\\0e-\xff "[engine() % 13];
        }
        const auto reported = read_usage(body);
        if (!reported) continue;
        ASSERT_LE(reported->usage_object.offset + reported->usage_object.length, body.size());
        ASSERT_EQ(body[reported->usage_object.offset], '{');
        ASSERT_EQ(body[reported->usage_object.offset + reported->usage_object.length - 1], '}');
        ASSERT_LE(text_of(body).bytes(), body.size());
    }
}

TEST(ReadUsage, ReadsABodyOfMegabytesAndASmallOneAfterIt) {
    const std::string numbers(3'000'000, '1');
    const std::string body = R"({"data":[{"embedding":")" + numbers + R"("}],"usage":{"prompt_tokens":4}})";
    EXPECT_EQ(read_usage(body)->usage.input, 4U);
    EXPECT_EQ(read_usage(R"({"usage":{"prompt_tokens":5}})")->usage.input, 5U);
}

TEST(ReadUsage, FindsTheObjectHoweverItIsSpaced) {
    for (const char* json :
         {"{\"usage\" :\r\n\t {\"prompt_tokens\":1}}", " { \"usage\":{\"prompt_tokens\" : 1 } } ",
          R"({"choices":[{"logprobs":NaN}],"usage" : {"prompt_tokens":1}})"})
        EXPECT_EQ(read_usage(json).value().usage.input, 1U) << json;
}

TEST(CostSplices, AddTheCostBeforeTheClosingBrace) {
    EXPECT_EQ(with_cost(R"({"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2 } })", "0.001234"),
              R"({"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2 ,"cost":0.001234,)"
              R"("currency":"INR"} })");
}

TEST(CostSplices, ReplaceTheCostOfAProviderThatIsAGateway) {
    EXPECT_EQ(with_cost(R"({"usage":{"cost":1.5e-3 ,"prompt_tokens":1}})", "2"),
              R"({"usage":{"cost":2 ,"prompt_tokens":1,"currency":"INR"}})");
    EXPECT_EQ(with_cost(R"({"usage":{"prompt_tokens":1,"cost":null,"currency":"USD"}})", "0.5"),
              R"({"usage":{"prompt_tokens":1,"cost":0.5,"currency":"INR"}})");
    EXPECT_EQ(with_cost(R"({"usage":{"prompt_tokens":1,"cost":{"a":[1]} , "currency":["x"]}})", "0.5"),
              R"({"usage":{"prompt_tokens":1,"cost":0.5 , "currency":"INR"}})");
}

TEST(CostSplices, LeaveABodyThatCanBeReadAgain) {
    const std::string once = with_cost(plain_answer, "12.000001");
    EXPECT_EQ(read_usage(once)->usage, read_usage(plain_answer)->usage);
    EXPECT_EQ(with_cost(once, "12.000001"), once);
}

TEST(MeasureAnswer, CountsTheTextThatAClientGets) {
    const struct {
        const char* json;
        std::uint64_t bytes;
    } answers[] = {
        {R"({"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})", 0},
        {R"({"choices":[{"index":0,"delta":{"content":"Hello"}}]})", 5},
        {R"({"choices":[{"delta":{"content":"\u00e9\n\ud83d\ude00"}}]})", 7},
        {R"({"choices":[{"delta":{"reasoning_content":"abc","content":null}}]})", 3},
        {R"({"choices":[{"delta":{"reasoning":"abc"}}]})", 3},
        {R"({"choices":[{"delta":{"refusal":"no"}}]})", 2},
        {R"({"choices":[{"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function",)"
         R"("function":{"name":"f","arguments":"{\"a\":1}"}}]}}]})",
         8},
        {R"({"choices":[{"text":"one"},{"text":"three"}]})", 8},
        {R"({"choices":[{"message":{"role":"assistant","content":"Hi","annotations":[]},)"
         R"("logprobs":{"content":[]}}]})",
         2},
        {R"({"choices":[{"message":{"content":[{"type":"text","text":"Hi"},{"type":"image",)"
         R"("url":"x:y"}]}}]})",
         2},
        {R"({"choices":[{"message":{"audio":{"id":"a","data":"AAAA","transcript":"Hi","expires_at":1}}}]})",
         2},
        {R"({"choices":[]})", 0},
        {R"({"object":"list","data":[{"embedding":"AAAA"}]})", 0},
        {R"({"choices":{"delta":{"content":"x"}}})", 0},
        {"", 0},
    };
    for (const auto& answer : answers) EXPECT_EQ(text_of(answer.json).bytes(), answer.bytes) << answer.json;
}

TEST(MeasureAnswer, CountsWhatWasCutOffAsItStands) {
    const std::string body = R"({"choices":[{"message":{"content":"Hello"},"finish_reason":)";
    EXPECT_EQ(text_of(body).bytes(), body.size());
    EXPECT_EQ(text_of("no json").bytes(), 7U);
}

TEST(MeasureAnswer, DoesNotFollowNestingWithoutEnd) {
    std::string json = R"({"choices":[{"delta":{"content":)";
    for (int i = 0; i < 900; ++i) json += '[';
    json += "\"x\"";
    for (int i = 0; i < 900; ++i) json += ']';
    EXPECT_EQ(text_of(json + "}}]}").bytes(), 0U);
}

TEST(ReadChunk, CountsTextBesideAValueThatIsNoJson) {
    EXPECT_EQ(text_of(R"({"choices":[{"delta":{"content":"Hello"},"logprobs":NaN}]})").bytes(), 5U);
    EXPECT_EQ(text_of(R"({"choices":[{"d\u0065lta":{"content":"Hello"}}]})").bytes(), 5U);
}

} // namespace tollgate::upstream
