#include "tollgate/http/head_text.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace tollgate::http {

TEST(HeadText, IsWhatWasAppended) {
    HeadText head;
    EXPECT_EQ(head.view(), "");
    head.append("a: ");
    head.append(std::string_view("text"));
    head.append(std::string_view());
    for (const std::int64_t number :
         {std::int64_t{0}, std::int64_t{9}, std::int64_t{10}, std::int64_t{-7},
          std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
        head.append(" ");
        head.append(number);
    }
    head.append(" ");
    head.append(base::Money::of_micros(-1'500'000));
    EXPECT_EQ(head.view(), "a: text 0 9 10 -7 -9223372036854775808 9223372036854775807 -1.5");
}

TEST(HeadText, TakesAFrontOfAnyLength) {
    for (const std::size_t size : {0UL, 1UL, 127UL, 128UL, 129UL, 5'000UL}) {
        for (const bool is_empty : {true, false}) {
            HeadText head;
            std::string expected;
            if (!is_empty) {
                head.append("fields");
                expected = "fields";
            }
            for (int times = 0; times < 3; ++times) {
                const std::string front(size, static_cast<char>('a' + times));
                head.prepend(front);
                head.append("|");
                expected = front + expected + "|";
                ASSERT_EQ(head.view(), expected) << size << " " << is_empty;
            }
        }
    }
}

TEST(HeadText, GrowsAsLongAsItMust) {
    HeadText head;
    std::string expected;
    for (int round = 0; round < 2'000; ++round) {
        head.append("line ");
        head.append(std::int64_t{round});
        expected += "line " + std::to_string(round);
    }
    EXPECT_EQ(head.view(), expected);
}

} // namespace tollgate::http
