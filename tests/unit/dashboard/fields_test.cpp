#include "dashboard/fields.hpp"

#include <gtest/gtest.h>

namespace tollgate::dashboard {

namespace {

JsonValue body_of(std::string_view text) {
    return parse_body(text).value();
}

} // namespace

TEST(Fields, GivesEachFieldWithItsType) {
    const JsonValue body = body_of(
        R"({"name":"Zoë","count":3,"on":true,"list":["a","b"],"map":{"k":"v"},"none":null,"budget":"12.5"})");
    Fields fields(body);
    EXPECT_EQ(fields.text("name", {1, 3}), "Zoë");
    EXPECT_EQ(fields.number("count", {1, 3}), 3U);
    EXPECT_EQ(fields.truth("on"), true);
    EXPECT_EQ(fields.texts("list"), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(fields.text_map("map")->at("k"), "v");
    EXPECT_TRUE(fields.nullable_number("none", {1, 3}).has_value());
    EXPECT_EQ(fields.money("budget")->micros(), 12'500'000);
    EXPECT_FALSE(fields.text("absent", {0, 9}).has_value());
    EXPECT_TRUE(fields.finish().has_value());
}

TEST(Fields, ReadsAmountsExactlyFromNumbersAndStrings) {
    const std::pair<const char*, std::int64_t> rows[] = {{"500", 500'000'000},
                                                         {"0.1", 100'000},
                                                         {"0.10", 100'000},
                                                         {"\"0.000001\"", 1},
                                                         {"1e3", 1'000'000'000},
                                                         {"1.5E-2", 15'000},
                                                         {"9223372036854.775807", 9'223'372'036'854'775'807},
                                                         {"500.0", 500'000'000}};
    for (const auto& [written, micros] : rows) {
        const JsonValue body = body_of(R"({"budget":)" + std::string(written) + "}");
        Fields fields(body);
        EXPECT_EQ(fields.money("budget").value_or(base::Money()).micros(), micros) << written;
        EXPECT_TRUE(fields.finish().has_value());
    }
    for (const char* written :
         {"0.0000001", "\"\"", "\"abc\"", "true", "[]", "1e30", "\"1 000\"", "\"0x10\"", "null"}) {
        const JsonValue body = body_of(R"({"budget":)" + std::string(written) + "}");
        Fields fields(body);
        EXPECT_FALSE(fields.money("budget").has_value()) << written;
        EXPECT_EQ(fields.finish().error().param, "budget") << written;
    }
}

TEST(Fields, NamesTheFieldAtFault) {
    const std::pair<const char*, const char*> rows[] = {{R"({"name":1})", "name"},
                                                        {R"({"name":""})", "name"},
                                                        {R"({"name":"1234567890"})", "name"},
                                                        {R"({"count":"3"})", "count"},
                                                        {R"({"count":3.5})", "count"},
                                                        {R"({"count":-1})", "count"},
                                                        {R"({"count":0})", "count"},
                                                        {R"({"count":99})", "count"},
                                                        {R"({"on":1})", "on"},
                                                        {R"({"list":"a"})", "list"},
                                                        {R"({"list":[1]})", "list"},
                                                        {R"({"map":{"a":1}})", "map"},
                                                        {R"({"name":"a","odd":1})", "odd"},
                                                        {R"({"":9})", "\"\""},
                                                        {R"({"name":null})", "name"},
                                                        {R"({"name":"a\nb"})", "name"},
                                                        {R"({"name":"\u0085"})", "name"}};
    for (const auto& [written, param] : rows) {
        const JsonValue body = body_of(written);
        Fields fields(body);
        fields.text("name", {1, 9});
        fields.number("count", {1, 9});
        fields.truth("on");
        fields.texts("list");
        fields.text_map("map");
        const auto done = fields.finish();
        ASSERT_FALSE(done.has_value()) << written;
        EXPECT_EQ(done.error().code, base::ErrorCode::invalid_field);
        EXPECT_EQ(done.error().param, param);
        EXPECT_TRUE(done.error().message.starts_with(std::string(param) + ": ")) << done.error().message;
    }
}

TEST(Fields, SaysWhatIsMissing) {
    const JsonValue body = body_of("{}");
    Fields fields(body);
    EXPECT_EQ(fields.required_text("email", {1, 9}), "");
    EXPECT_EQ(fields.finish().error().code, base::ErrorCode::missing_field);
    EXPECT_EQ(fields.finish().error().param, "email");
}

} // namespace tollgate::dashboard
