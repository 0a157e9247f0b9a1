#include "upstream/strict_answer.hpp"

#include "upstream/lenient_answer.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace tollgate::upstream {

namespace {

bool is_same(const std::optional<domain::Span>& left, const std::optional<domain::Span>& right) {
    if (!left || !right) return !left && !right;
    return left->offset == right->offset && left->length == right->length;
}

bool is_same(const AnswerChunk& left, const AnswerChunk& right) {
    if (left.text != right.text || left.reported.has_value() != right.reported.has_value()) return false;
    if (!left.reported) return true;
    const ReportedUsage& one = *left.reported;
    const ReportedUsage& other = *right.reported;
    return one.usage == other.usage && is_same(one.usage_object, other.usage_object) &&
           one.choices_empty == other.choices_empty && is_same(one.cost_value, other.cost_value) &&
           is_same(one.currency_value, other.currency_value);
}

const std::vector<std::string> seeds{
    R"({"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant",)"
    R"("content":"Hi \n\u00e9\ud83d\ude00 né"},"finish_reason":null}],"usage":null})",
    R"({"choices":[{"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f",)"
    R"("arguments":"{\"a\":1}"}}],"content":null}},{"text":"one"},7,[],{"message":{"content":[{"type":"text",)"
    R"("text":"Hi","url":"x"}],"audio":{"id":"a","data":"AAAA","transcript":"Hi"}}}]})",
    R"({"choices":[],"usage":{"prompt_tokens":2006,"completion_tokens":300,"total_tokens":2306,"cost":1.5e-3 ,)"
    R"("currency":"USD","prompt_tokens_details":{"cached_tokens":1920,"audio_tokens":null},)"
    R"("completion_tokens_details":{"reasoning_tokens":10},"queue_time":0.1,"x":{"prompt_tokens":[3]}},"n":-1})",
    R"({"usage":{"prompt\u005ftokens":3,"cached_tokens":1,"prompt_cache_hit_tokens":2},"choices":{"delta":{}}})",
    R"( {"usage" : {"prompt_tokens" : 1099511627776 , "completion_tokens" : 0 } , "choices" : [ ] , "usage":7} )",
};

/// Pieces that make another document, or break it.
const std::vector<std::string> pieces{
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "\\",
    "\\n",
    "\\u0041",
    "0",
    "1",
    "-1",
    "1.5",
    "null",
    "true",
    "NaN",
    " ",
    "\n",
    "\x01",
    "é",
    "\xff",
    "\"a\":1,",
    "\"text\"",
    "\"usage\"",
    "\"content\":",
    "\"prompt_tokens\":",
    "{\"a\":[1,\"b\"]}",
};

void mutate(std::string& json, std::mt19937& random) {
    const std::size_t at = random() % (json.size() + 1);
    switch (random() % 4) {
    case 0: json.insert(at, pieces[random() % pieces.size()]); break;
    case 1: json.erase(at, random() % 4); break;
    case 2: { // a piece of it somewhere else
        const std::size_t from = random() % json.size();
        json.insert(at, json.substr(from, random() % 40));
        break;
    }
    default: json.replace(at, 1, pieces[random() % pieces.size()]); break;
    }
}

} // namespace

TEST(StrictAnswer, ReadsEverySeedAsTheOtherReaderDoes) {
    for (const std::string& seed : seeds) {
        const auto chunk = read_strictly(seed);
        ASSERT_TRUE(chunk.has_value()) << seed;
        EXPECT_TRUE(is_same(*chunk, read_leniently(seed))) << seed;
    }
}

TEST(StrictAnswer, AgreesWithTheOtherReaderWhereverItReads) {
    std::mt19937 random(17);
    int strict = 0;
    for (int round = 0; round < 60'000; ++round) {
        std::string json = seeds[random() % seeds.size()];
        for (std::uint32_t edits = random() % 3 + 1; edits > 0 && !json.empty(); --edits)
            mutate(json, random);
        const auto chunk = read_strictly(json);
        if (!chunk) continue;
        ++strict;
        ASSERT_TRUE(is_same(*chunk, read_leniently(json))) << json;
    }
    EXPECT_GT(strict, 3'000);
}

TEST(StrictAnswer, ReadsNothingThatIsNotStrict) {
    for (const char* json :
         {"", "7", "[]", "{} {}", R"({"choices":[}])", R"({"a":NaN})", R"({"a":"\x"})", "{\"a\":\"\xff\"}",
          R"({"choices":[{"delta":{"content":"Hello"}})", "\xef\xbb\xbf{}"})
        EXPECT_FALSE(read_strictly(json).has_value()) << json;
}

TEST(StrictAnswer, BoundsTheDepth) {
    const auto nested = [](std::size_t depth) {
        return R"({"choices":[{"delta":{"content":)" + std::string(depth, '[') + "\"x\"" +
               std::string(depth, ']') + "}}]}";
    };
    for (std::size_t depth = 0; depth < 30; ++depth)
        EXPECT_TRUE(is_same(read_strictly(nested(depth)).value(), read_leniently(nested(depth)))) << depth;
    EXPECT_FALSE(read_strictly(nested(100'000)).has_value());
}

} // namespace tollgate::upstream
