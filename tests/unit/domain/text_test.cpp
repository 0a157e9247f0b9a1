#include "domain/text.hpp"

#include <gtest/gtest.h>

namespace tollgate::domain {

TEST(Text, CountsCodePointsNotBytes) {
    EXPECT_EQ(count_characters(""), 0);
    EXPECT_EQ(count_characters("key one"), 7);
    EXPECT_EQ(count_characters("Schlüssel"), 9);
    EXPECT_EQ(count_characters("चाबी"), 4);
    EXPECT_EQ(count_characters("\xF0\x9F\x94\x91"), 1); // U+1F511
    EXPECT_EQ(count_characters("\xF4\x8F\xBF\xBF"), 1); // U+10FFFF, the last one
    EXPECT_EQ(count_characters("\xEE\x80\x80"), 1);     // U+E000, just behind the surrogates
}

TEST(Text, RefusesWhatIsNotUtf8) {
    for (const char* text : {
             "\x80",             // a continuation without a lead
             "\xC3",             // cut short
             "\xC3(",            // lead without its continuation
             "\xC0\xAF",         // overlong, two bytes
             "\xC1\xBF",         // overlong, two bytes
             "\xE0\x80\xAF",     // overlong, three bytes
             "\xF0\x80\x80\xAF", // overlong, four bytes
             "\xED\xA0\x80",     // a surrogate
             "\xF4\x90\x80\x80", // above U+10FFFF
             "\xF5\x80\x80\x80",
             "\xFE",
             "\xFF",
             "ok\xE2\x82",
         }) {
        EXPECT_FALSE(count_characters(text).has_value());
    }
}

TEST(Text, RefusesControlCharacters) {
    for (int byte = 0; byte < 0x80; ++byte) {
        const std::string text(1, static_cast<char>(byte));
        EXPECT_EQ(count_characters(text).has_value(), byte >= 0x20 && byte != 0x7F) << byte;
    }
    EXPECT_FALSE(count_characters("\xC2\x80").has_value()); // first of C1
    EXPECT_FALSE(count_characters("\xC2\x9F").has_value()); // last of C1
    EXPECT_TRUE(count_characters("\xC2\xA0").has_value());
}

} // namespace tollgate::domain
