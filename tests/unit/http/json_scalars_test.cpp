#include "http/json_scalars.hpp"

#include "tollgate/http/json_scanner.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace tollgate::http {

namespace {

/// Are these bytes a string of JSON once they are quoted?
bool is_text(const std::string& raw) {
    const std::string whole = '"' + raw + '"';
    JsonScanner scanner(whole);
    JsonScanner::Text text;
    return scanner.take_text(text) && scanner.is_at_end();
}

} // namespace

TEST(JsonNumber, IsWhatTheGrammarAllows) {
    for (const char* token : {"0", "-0", "1", "-1", "10", "0.0", "1.5", "-1.50", "1e1", "1E+1", "1e-1", "0e0",
                              "1.5e300", "1e999", "123456789012345678901234567890"}) {
        EXPECT_TRUE(is_number(token)) << token;
    }
    for (const char* token :
         {"",    "-",  "+1", "01", "-01", "00",  "1.",       ".5",  "-.5", "1.e1",  "1e",  "1e+",     "e1",
          "0x1", "1 ", " 1", "1,", "1a",  "--1", "Infinity", "NaN", "1_0", "1e1.5", "1\"", "\xd9\xa1"}) {
        EXPECT_FALSE(is_number(token)) << token;
    }
}

TEST(JsonLiteral, IsOneOfThree) {
    for (const char* token : {"true", "false", "null"}) EXPECT_TRUE(is_literal(token));
    for (const char* token : {"", "True", "nul", "nulll", "true ", "undefined"})
        EXPECT_FALSE(is_literal(token));
}

TEST(JsonEscapes, ReadAsTheyAreMeant) {
    std::string text = ">";
    EXPECT_TRUE(unescape(R"(a\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\uDE00z)", text));
    EXPECT_EQ(text, ">a\"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z");
    text.clear();
    EXPECT_TRUE(unescape("", text));
    EXPECT_EQ(text, "");
}

TEST(JsonEscapes, AreRefusedWhenMalformedOrHalfOfAPair) {
    for (const char* raw : {"\\",
                            "a\\",
                            "\\x",
                            "\\u",
                            "\\u1",
                            "\\u12",
                            "\\u123",
                            "\\u12g4",
                            "\\U0041",
                            "\\u+041",
                            "\\ud800",
                            "\\ud800x",
                            "\\ud800\\n",
                            "\\ud800\\u0041",
                            "\\ud800\\ud800",
                            "\\udc00",
                            "\\udc00\\ud800",
                            "\\ud83d\\ude0",
                            "\\'",
                            "\\0"}) {
        std::string text;
        EXPECT_FALSE(is_text(raw)) << raw;
        EXPECT_FALSE(unescape(raw, text)) << raw;
    }
}

TEST(JsonEscapes, AgreeWithAnotherReaderOnRandomText) {
    std::mt19937 random(21);
    const std::vector<std::string> parts{"\\", "u",   "d83d", "de00", "0041", "n", "\\u", "\\ud8",
                                         "3d", "\\n", "\\\\", "x",    "/",    "é", "\\/", "\\ud83d\\ude00"};
    for (int round = 0; round < 20'000; ++round) {
        std::string raw;
        for (unsigned count = random() % 6; count > 0; --count) raw += parts[random() % parts.size()];
        const auto other = nlohmann::json::parse('"' + raw + '"', nullptr, false);
        std::string text;
        ASSERT_EQ(unescape(raw, text), !other.is_discarded()) << raw;
        ASSERT_EQ(is_text(raw), !other.is_discarded()) << raw;
        if (!other.is_discarded()) ASSERT_EQ(text, other.get<std::string>());
    }
}

TEST(JsonScalars, CountsTheElementsOfAnArrayAndNotWhatIsInsideThem) {
    EXPECT_EQ(count_elements(R"(["a"])"), 1U);
    EXPECT_EQ(count_elements(R"([ "a" , "b" ])"), 2U);
    EXPECT_EQ(count_elements(R"(["a,b","c\",d","e\\"])"), 3U);
    EXPECT_EQ(count_elements(R"([[1,2,3],[4,5]])"), 2U);
    EXPECT_EQ(count_elements(R"([{"a":[1,2],"b":"]"},[],{}])"), 3U);
}

TEST(JsonEscapes, TellTheSizeThatUnescapedTextHas) {
    for (const char* raw : {"", "plain", R"(\n)", R"(a\u00e9b)", R"(\u0939\ud83d\ude00)", R"(\"\\\/)",
                            "\u0939", "\u0939\\n\u0939"}) {
        const std::string whole = '"' + std::string(raw) + '"';
        JsonScanner scanner(whole);
        JsonScanner::Text text;
        ASSERT_TRUE(scanner.take_text(text)) << raw;
        std::string unescaped;
        text.append_to(unescaped);
        EXPECT_EQ(text.size, unescaped.size()) << raw;
        EXPECT_EQ(text.raw, raw);
    }
}

} // namespace tollgate::http
