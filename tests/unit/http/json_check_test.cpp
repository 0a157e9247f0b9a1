#include "tollgate/http/json_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace tollgate::http {

TEST(JsonCheck, AcceptsOneObjectWithBlanksAroundIt) {
    for (const char* body :
         {"{}", " {\"a\": 1}\r\n", "{\"a\": {\"b\": [1, 2.5, null, true, \"\\u00e9\"]}}"}) {
        EXPECT_TRUE(is_json_object(body)) << body;
    }
}

TEST(JsonCheck, AcceptsNumbersThatNoMachineTypeHolds) {
    for (const std::string number :
         {"123456789012345678901234567890", "1e400", "-1e400", "18446744073709551616"})
        EXPECT_TRUE(is_json_object("{\"a\": " + number + "}")) << number;
    for (const std::string number : {"01e400", "1e", "123456789012345678901234567890x", "1e400 1"})
        EXPECT_FALSE(is_json_object("{\"a\": " + number + "}")) << number;
}

TEST(JsonCheck, RefusesEverythingElse) {
    for (const char* body :
         {"", " ", "[]", "1", "null", "\"{}\"", "{", "{}}", "{} {}", "{\"a\":}", "{\"a\":1,}", "{a: 1}",
          "{'a': 1}", "<html>{}</html>", "{\"a\": \"\xff\"}", "{\"a\": 01}"}) {
        EXPECT_FALSE(is_json_object(body)) << body;
    }
}

TEST(JsonCheck, RefusesEveryBeginningOfAnObject) {
    const std::string whole = R"({"id": "x", "choices": [{"index": 0, "text": "\u00e9\n"}], "n": -1.5e3})";
    ASSERT_TRUE(is_json_object(whole));
    for (std::size_t length = 0; length < whole.size(); ++length) {
        EXPECT_FALSE(is_json_object(std::string_view(whole).substr(0, length))) << length;
    }
}

TEST(JsonCheck, BoundsDepthInsteadOfFollowingIt) {
    const std::string deep = "{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
    EXPECT_FALSE(is_json_object(deep));
}

TEST(JsonCheck, FindsTheLastMemberOfAName) {
    const auto find = [](std::string_view body) { return check_json_object(body, "usage"); };
    EXPECT_EQ(find(R"({"a": {"usage": 1}, "usage" : {"b": [2]} , "c": 3})").member, R"({"b": [2]})");
    EXPECT_EQ(find(R"({"usage": 1, "usage": null})").member, "null");
    EXPECT_EQ(find(R"({"us\u0061ge": 7})").member, "7");
    EXPECT_TRUE(find(R"({"choices": []})").is_object);
    EXPECT_EQ(find(R"({"choices": []})").member, "");
    EXPECT_FALSE(find(R"({"usage": 1)").is_object);
}

TEST(JsonCheck, EachThreadHasItsOwnParser) {
    std::thread other([] { EXPECT_TRUE(is_json_object("{}")); });
    EXPECT_TRUE(is_json_object("{}"));
    other.join();
}

} // namespace tollgate::http
