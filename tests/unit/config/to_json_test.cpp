#include "config/read_settings.hpp"

#include <gtest/gtest.h>

namespace tollgate::config {

namespace {

std::string json_of(std::string_view yaml) {
    const auto root = parse_document(yaml);
    EXPECT_TRUE(root.has_value()) << yaml;
    return root ? to_json(*root) : "";
}

} // namespace

TEST(ToJson, KeepsNumbersAsWritten) {
    for (const std::string_view text :
         {"0", "-0", "12", "-1.50", "1.5e-07", "2E+3", "0.000000000000000000001"}) {
        EXPECT_EQ(json_of(text), text);
    }
    EXPECT_EQ(json_of("'0.25'"), "0.25") << "quotes protect a decimal in YAML and mean nothing more";
}

TEST(ToJson, MakesATextOfWhatIsNoJsonNumber) {
    for (const std::string_view text :
         {"01", "1.", ".5", "1e", "1e+", "-x", "+1", "0x10", "1_000", "yes", "1 2", ".inf"}) {
        EXPECT_EQ(json_of(text), "\"" + std::string(text) + "\"");
    }
    EXPECT_EQ(json_of("\"a\\n\\\"b\""), R"("a\n\"b")");
}

TEST(ToJson, KeepsStructureAndOrder) {
    EXPECT_EQ(json_of("{b: [1, x, ~, true, [], {}], \"a\\\"\": {c: false}}"),
              R"({"b":[1,"x",null,true,[],{}],"a\"":{"c":false}})");
}

} // namespace tollgate::config
