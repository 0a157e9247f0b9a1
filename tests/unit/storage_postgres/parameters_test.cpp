#include "storage/postgres/parameters.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace tollgate::storage::postgres {

namespace {

std::string literal_of(auto... values) {
    ArrayText array;
    (array.add(values), ...);
    return array.literal();
}

} // namespace

TEST(PostgresParameters, AnArrayQuotesWhatItsSyntaxWouldTakeForItself) {
    EXPECT_EQ(literal_of(), "{}");
    EXPECT_EQ(literal_of("a", "", "NULL", "a,b", "{}", " "), R"({"a","","NULL","a,b","{}"," "})");
    EXPECT_EQ(literal_of("say \"x\"", "back\\slash"), R"({"say \"x\"","back\\slash"})");
    EXPECT_EQ(literal_of(std::int64_t{-7}, 9U), "{-7,9}");
    EXPECT_EQ(literal_of(std::optional<std::int64_t>(), std::optional<std::int64_t>(3)), "{NULL,3}");
}

TEST(PostgresParameters, AnArrayReplacesWhatTheServerCouldNotStore) {
    EXPECT_EQ(literal_of(std::string_view("a\0b", 3)), R"({"a?b"})");
    EXPECT_EQ(literal_of("Zo\xc3\xab \xff\xfe \xe2\x82"), "{\"Zo\xc3\xab ?? ??\"}");
    EXPECT_EQ(literal_of("\xed\xa0\x80"), R"({"???"})") << "half of a surrogate pair is no character";
}

TEST(PostgresParameters, ColumnsGoOutAsOneArrayEach) {
    Columns columns;
    EXPECT_TRUE(columns.empty());
    columns.add_row("a", 1);
    columns.add_row("b", 2);
    const Parameters parameters(columns, "last");
    const auto pointers = parameters.pointers();
    ASSERT_EQ(pointers.size(), 3U);
    EXPECT_STREQ(pointers[0], R"({"a","b"})");
    EXPECT_STREQ(pointers[1], "{1,2}");
    EXPECT_STREQ(pointers[2], "last");
}

TEST(PostgresParameters, ValuesGoOutAsText) {
    const Parameters parameters(base::KeyId("key_1"), base::Money::of_micros(-5), true,
                                base::WallTime(std::chrono::microseconds(12)), std::optional<std::string>(),
                                base::sha256(""));
    const auto pointers = parameters.pointers();
    ASSERT_EQ(pointers.size(), 6U);
    EXPECT_STREQ(pointers[0], "key_1");
    EXPECT_STREQ(pointers[1], "-5");
    EXPECT_STREQ(pointers[2], "1");
    EXPECT_STREQ(pointers[3], "12");
    EXPECT_EQ(pointers[4], nullptr);
    EXPECT_STREQ(pointers[5], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(PostgresParameters, ATextIsNeverCutAtANul) {
    EXPECT_THROW(Parameters(std::string_view("a\0b", 3)), std::invalid_argument);
}

} // namespace tollgate::storage::postgres
