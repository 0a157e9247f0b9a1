#include "tollgate/upstream/openai_usage.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>
#include <string>

namespace tollgate::upstream {

namespace {

bool is_json_object(std::string_view body) {
    return read_answer(body).is_object;
}

std::uint64_t prompt_of(std::string_view body) {
    const WholeAnswer answer = read_answer(body);
    EXPECT_TRUE(answer.is_object) << body;
    return answer.reported ? answer.reported->usage.input : 0;
}

} // namespace

TEST(ReadAnswer, AcceptsOneObjectWithBlanksAroundIt) {
    for (const char* body :
         {"{}", " {\"a\": 1}\r\n", "{\"a\": {\"b\": [1, 2.5, null, true, \"\\u00e9\"]}}"}) {
        EXPECT_TRUE(is_json_object(body)) << body;
    }
}

TEST(ReadAnswer, AcceptsNumbersThatNoMachineTypeHolds) {
    for (const std::string number :
         {"123456789012345678901234567890", "1e400", "-1e400", "18446744073709551616"})
        EXPECT_TRUE(is_json_object("{\"a\": " + number + "}")) << number;
    for (const std::string number : {"01e400", "1e", "123456789012345678901234567890x", "1e400 1"})
        EXPECT_FALSE(is_json_object("{\"a\": " + number + "}")) << number;
}

TEST(ReadAnswer, RefusesEverythingElse) {
    for (const char* body :
         {"", " ", "[]", "1", "null", "\"{}\"", "{", "{}}", "{} {}", "{\"a\":}", "{\"a\":1,}", "{a: 1}",
          "{'a': 1}", "<html>{}</html>", "{\"a\": \"\xff\"}", "{\"a\": 01}"}) {
        EXPECT_FALSE(is_json_object(body)) << body;
    }
}

TEST(ReadAnswer, RefusesEveryBeginningOfAnObject) {
    const std::string whole = R"({"id": "x", "choices": [{"index": 0, "text": "\u00e9\n"}], "n": -1.5e3})";
    ASSERT_TRUE(is_json_object(whole));
    for (std::size_t length = 0; length < whole.size(); ++length) {
        EXPECT_FALSE(is_json_object(std::string_view(whole).substr(0, length))) << length;
    }
}

TEST(ReadAnswer, BoundsDepthInsteadOfFollowingIt) {
    const std::string deep = "{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
    EXPECT_FALSE(is_json_object(deep));
}

TEST(ReadAnswer, GoesByTheLastUsage) {
    EXPECT_EQ(prompt_of(R"({"a": {"usage": 1}, "usage" : {"prompt_tokens": 2} , "c": 3})"), 2U);
    EXPECT_EQ(prompt_of(R"({"usage": {"prompt_tokens": 2}, "usage": {"prompt_tokens": 3}})"), 3U);
    EXPECT_EQ(prompt_of(R"({"usage": {"prompt_tokens": 2}, "usage": null})"), 0U);
    EXPECT_EQ(prompt_of(R"({"us\u0061ge": {"prompt\u005ftokens": 7}})"), 7U);
    EXPECT_EQ(prompt_of(R"({"choices": []})"), 0U);
    EXPECT_FALSE(read_answer(R"({"usage": {"prompt_tokens": 2})").reported.has_value());
}

TEST(ReadAnswer, TellsWhereTheMembersOfAGatewayStand) {
    const std::string body = R"({"a":1,"usage":{"cost":7,"prompt_tokens":3,"currency":"X"} ,"b":2})";
    const ReportedUsage reported = read_answer(body).reported.value();
    const auto text = [&body](const domain::Span& span) { return body.substr(span.offset, span.length); };
    EXPECT_EQ(text(reported.usage_object), R"({"cost":7,"prompt_tokens":3,"currency":"X"})");
    EXPECT_EQ(text(reported.cost_value.value()), "7");
    EXPECT_EQ(text(reported.currency_value.value()), R"("X")");
}

TEST(ReadAnswer, BoundsTheDepthOfEveryPartAlike) {
    const auto nested = [](const std::string& front, int depth, const std::string& back) {
        const auto count = static_cast<std::size_t>(depth);
        return front + std::string(count, '[') + std::string(count, ']') + back;
    };
    for (const int depth : {1, 1020, 1021, 1022, 1023, 1024}) {
        EXPECT_EQ(is_json_object(nested(R"({"a":)", depth, "}")), depth <= 1023) << depth;
        EXPECT_EQ(is_json_object(nested(R"({"usage":{"a":)", depth, "}}")), depth <= 1022) << depth;
        EXPECT_EQ(is_json_object(nested(R"({"usage":{"prompt_tokens_details":{"a":)", depth, "}}}")),
                  depth <= 1021)
            << depth;
    }
}

TEST(ReadAnswer, AgreesWithAnotherParserOnWhatIsAnObject) {
    const std::string seed =
        R"({"id":"a","n":[1,-2.5e3,true,null],"usage":{"prompt_tokens":3,"cost":1,"prompt_tokens_details":)"
        R"({"cached_tokens":1}},"m":[{"role":"user","content":"a\u00e9\n\"b\\ é"}]})";
    constexpr std::string_view alphabet = "{}[]\",:\\u0129ae-+.tfn \n\x01\xc3";
    std::mt19937 random(9);
    int good = 0;
    for (int round = 0; round < 30'000; ++round) {
        std::string text = seed;
        for (std::uint32_t edits = random() % 3 + 1; edits > 0; --edits) {
            const std::size_t at = random() % text.size();
            const char byte = alphabet[random() % alphabet.size()];
            switch (random() % 3) {
            case 0: text[at] = byte; break;
            case 1: text.insert(at, 1, byte); break;
            default: text.erase(at, 1); break;
            }
        }
        const auto other = nlohmann::json::parse(text, nullptr, false);
        good += other.is_object() ? 1 : 0;
        ASSERT_EQ(is_json_object(text), other.is_object()) << text;
    }
    EXPECT_GT(good, 1000);
}

} // namespace tollgate::upstream
