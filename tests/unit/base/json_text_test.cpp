#include "tollgate/base/json_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

using tollgate::base::append_json_string;
using tollgate::base::utf8_sequence_length;

namespace {

std::string json_of(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

} // namespace

TEST(JsonText, EscapesWhatJsonDoesNotAllow) {
    EXPECT_EQ(json_of(""), "\"\"");
    EXPECT_EQ(json_of("plain"), "\"plain\"");
    EXPECT_EQ(json_of("a\"b\\c"), R"("a\"b\\c")");
    EXPECT_EQ(json_of("\n\r\t"), R"("\n\r\t")");
    EXPECT_EQ(json_of(std::string_view("\0\x1b\x7f", 3)), R"("\u0000\u001b\u007f")");
    EXPECT_EQ(json_of("\xc2\x9b\xc2\xa0"), "\"\\u009b\xc2\xa0\"") << "controls above 0x7f too";
    EXPECT_EQ(json_of("h\xc3\xa9 \xe2\x82\xb9 \xf0\x9f\x98\x80"),
              "\"h\xc3\xa9 \xe2\x82\xb9 \xf0\x9f\x98\x80\"");
}

TEST(JsonText, ReplacesBytesThatAreNotUtf8) {
    const std::string mark = "\xef\xbf\xbd";
    EXPECT_EQ(json_of("a\xff"), "\"a" + mark + "\"");
    EXPECT_EQ(json_of("\xc3"), "\"" + mark + "\"");
    EXPECT_EQ(json_of("\xe2\x82"), "\"" + mark + mark + "\"");
}

TEST(JsonText, KnowsWellFormedSequences) {
    struct Row {
        std::string_view text;
        std::size_t length;
    };
    for (const Row& row :
         {Row{"", 0}, Row{"a", 1}, Row{"\xc2\x80", 2}, Row{"\xdf\xbf", 2}, Row{"\xe0\xa0\x80", 3},
          Row{"\xed\x9f\xbf", 3}, Row{"\xf0\x90\x80\x80", 4}, Row{"\xf4\x8f\xbf\xbf", 4},
          // overlong, surrogate, above U+10FFFF, stray, cut
          Row{"\xc0\x80", 0}, Row{"\xc1\xbf", 0}, Row{"\xe0\x9f\xbf", 0}, Row{"\xed\xa0\x80", 0},
          Row{"\xf0\x8f\xbf\xbf", 0}, Row{"\xf4\x90\x80\x80", 0}, Row{"\xf5\x80\x80\x80", 0}, Row{"\x80", 0},
          Row{"\xc2", 0}, Row{"\xe2\x82", 0}, Row{"\xe2\x28\xa1", 0}, Row{"\xf0\x9f\x98", 0},
          Row{"\xc2\x20", 0}}) {
        EXPECT_EQ(utf8_sequence_length(row.text), row.length) << testing::PrintToString(row.text);
    }
}

TEST(JsonText, NeverHoldsAControlCharacterWhateverComesIn) {
    std::mt19937 random(3);
    for (int i = 0; i < 2'000; ++i) {
        std::string text(random() % 40, ' ');
        for (char& c : text) c = static_cast<char>(random() & 0xff);
        const std::string json = json_of(text);
        EXPECT_TRUE(std::ranges::none_of(json, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }));
        for (std::string_view rest = json; !rest.empty();) {
            const auto length = utf8_sequence_length(rest);
            ASSERT_GT(length, 0U);
            rest.remove_prefix(length);
        }
    }
}
