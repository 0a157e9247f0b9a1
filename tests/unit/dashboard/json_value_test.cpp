#include "dashboard/json_value.hpp"

#include <gtest/gtest.h>

namespace tollgate::dashboard {

TEST(JsonValue, KeepsNumbersAsTheyWereWritten) {
    const auto body = parse_body(R"({"a":500,"b":0.10,"c":-3,"d":1.5e2,"e":"x","f":[true,null],"g":{}})");
    ASSERT_TRUE(body.has_value());
    EXPECT_EQ(body->find("a")->text, "500");
    EXPECT_EQ(body->find("b")->text, "0.10");
    EXPECT_EQ(body->find("c")->text, "-3");
    EXPECT_EQ(body->find("d")->text, "1.5e2");
    EXPECT_EQ(body->find("e")->kind, JsonKind::text);
    EXPECT_TRUE(body->find("f")->items[0].truth);
    EXPECT_EQ(body->find("f")->items[1].kind, JsonKind::null);
    EXPECT_EQ(body->find("g")->kind, JsonKind::object);
    EXPECT_EQ(body->find("h"), nullptr);
}

TEST(JsonValue, AnEmptyBodyIsAnEmptyObject) {
    EXPECT_EQ(parse_body("")->kind, JsonKind::object);
    EXPECT_TRUE(parse_body(" {} ")->names.empty());
}

TEST(JsonValue, RefusesWhatIsNoStrictObject) {
    std::string deep;
    for (int level = 0; level < 9; ++level) deep += R"({"a":)";
    deep += "1" + std::string(9, '}');
    std::string many = R"({"a":[0)";
    for (int each = 0; each < 10'001; ++each) many += ",0";
    many += "]}";
    for (const std::string& body :
         {std::string("{"), std::string("[]"), std::string("1"), std::string("null"), std::string("{} {}"),
          std::string(R"({"a":1,"a":2})"), std::string(R"({"a":{"b":1,"b":1}})"), std::string("{'a':1}"),
          std::string(R"({"a":NaN})"), std::string(R"({"a":01})"), std::string(R"({"a":1,})"),
          std::string("{\"a\":\"\xff\"}"), std::string("{\"a\":\"\n\"}"), std::string(R"({"a":"\ud800"})"),
          std::string(R"({"a":1e999})"), deep, many}) {
        const auto parsed = parse_body(body);
        ASSERT_FALSE(parsed.has_value()) << body.substr(0, 40);
        EXPECT_EQ(parsed.error().code, base::ErrorCode::malformed_json);
    }
}

} // namespace tollgate::dashboard
