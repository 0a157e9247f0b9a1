#include "tollgate/http/json_scanner.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>
#include <string>

namespace tollgate::http {

namespace {

bool is_value(std::string_view bytes, int depth = 64) {
    JsonScanner scanner(bytes);
    if (!scanner.take_value(depth)) return false;
    scanner.skip_blanks();
    return scanner.is_at_end();
}

} // namespace

TEST(JsonScanner, TakesEveryKindOfValue) {
    for (const char* good : {"{}", "[]", "\"\"", "0", "-0.5e+10", "true", "false", "null", " [ ] ", "{ }",
                             "{\"a\":{\"b\":[1,2,{\"c\":null}]},\"d\":\"e\"}", "[1 , \"2\"\t,\r\n3]",
                             "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u00e9 \\ud83d\\ude00\"",
                             "\"\x7f\xc3\xa9\"", "12345678901234567890123456789"}) {
        EXPECT_TRUE(is_value(good)) << good;
    }
}

TEST(JsonScanner, RefusesWhatIsNoJson) {
    for (const char* bad : {"",
                            " ",
                            "{",
                            "}",
                            "[",
                            "]",
                            ",",
                            ":",
                            "\"",
                            "{]",
                            "[}",
                            "{,}",
                            "[,]",
                            "[1,]",
                            "{\"a\"}",
                            "{\"a\":}",
                            "{\"a\":1,}",
                            "{\"a\" 1}",
                            "{a:1}",
                            "{1:1}",
                            "[1 2]",
                            "[1]]",
                            "tru",
                            "truex",
                            "nul",
                            "True",
                            "01",
                            "1.",
                            ".5",
                            "+1",
                            "-",
                            "1e",
                            "0x1",
                            "NaN",
                            "Infinity",
                            "'a'",
                            "\"a",
                            "\"\\x\"",
                            "\"\\u12\"",
                            "\"\\ud800\"",
                            "\"\\\"",
                            "\"\n\"",
                            "\"\x1f\"",
                            "1,2",
                            "{\"a\":1 \"b\":2}",
                            "{\"\x01\":1}",
                            "//",
                            "[1/**/]"}) {
        EXPECT_FALSE(is_value(bad)) << bad;
    }
    EXPECT_FALSE(is_value(std::string_view("\"\0\"", 3)));
    EXPECT_FALSE(is_value(std::string_view("[1\0]", 4)));
}

TEST(JsonScanner, FindsTheMarkOfATextWhereverItStands) {
    // The blocks that are looked at together must not hide one at their edges.
    for (std::size_t length = 0; length < 70; ++length) {
        const std::string plain(length, 'x');
        const std::string whole = "\"" + plain + "\"";
        JsonScanner scanner(whole);
        JsonScanner::Text text;
        ASSERT_TRUE(scanner.take_text(text));
        EXPECT_EQ(text.raw, plain);
        EXPECT_FALSE(text.has_escapes());
        EXPECT_TRUE(scanner.is_at_end());
        for (std::size_t at = 0; at < length; ++at) {
            std::string marked = whole;
            marked[at + 1] = '\x1f';
            EXPECT_FALSE(is_value(marked)) << length << " " << at;
            marked[at + 1] = '"';
            EXPECT_FALSE(is_value(marked)) << length << " " << at;
            marked[at + 1] = '\\';
            EXPECT_FALSE(is_value(marked))
                << length << " " << at; // "\x" is no escape, and a quote would be eaten
        }
        EXPECT_FALSE(is_value("\"" + plain)) << length;
    }
}

TEST(JsonScanner, TellsATextThatHasEscapes) {
    JsonScanner scanner(R"("a\"b")");
    JsonScanner::Text text;
    ASSERT_TRUE(scanner.take_text(text));
    EXPECT_EQ(text.raw, R"(a\"b)");
    EXPECT_TRUE(text.has_escapes());
}

TEST(JsonScanner, TakesACountOrNothing) {
    for (const char* text : {"0,", "7}", "42 ", "999999999999999999]"}) {
        JsonScanner scanner(text);
        std::uint64_t count = 1;
        EXPECT_TRUE(scanner.take_count(count)) << text;
        EXPECT_EQ(std::to_string(count) + scanner.peek(), text);
    }
    for (const char* text :
         {"", "-1,", "01,", "00,", "1.5,", "1e3,", "1000000000000000000,", "1", "1\"", "x", "\"1\""}) {
        JsonScanner scanner(text);
        std::uint64_t count = 1;
        EXPECT_FALSE(scanner.take_count(count)) << text;
        EXPECT_EQ(scanner.position(), text);
    }
}

TEST(JsonScanner, BoundsTheDepth) {
    EXPECT_TRUE(is_value("[[[1]]]", 3));
    EXPECT_FALSE(is_value("[[[[1]]]]", 3));
    EXPECT_FALSE(is_value("{\"a\":[{\"b\":[]}]}", 3));
}

TEST(JsonScanner, AgreesWithAnotherParserOnMutatedDocuments) {
    const std::string seed =
        R"({"model":"gpt","n":[1,-2.5e3,true,null],"m":[{"role":"user","content":"a\u00e9\n\"b\\"}]})";
    constexpr std::string_view alphabet = "{}[]\",:\\u0129ae-+.tfn \n\x01";
    std::mt19937 random(7);
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
        const bool expected = nlohmann::json::accept(text);
        good += expected ? 1 : 0;
        ASSERT_EQ(is_value(text), expected) << text;
    }
    EXPECT_GT(good, 1000);
}

} // namespace tollgate::http
