#include "telemetry/log_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace tollgate::telemetry {

namespace {

std::string line_of(LineFormat format, std::string_view message,
                    std::initializer_list<Attribute> attributes = {}) {
    std::string out;
    LogLine line(out, format, message);
    for (const Attribute& attribute : attributes) line.add(attribute);
    return out;
}

} // namespace

TEST(LogLine, WritesEveryTypeOfField) {
    const std::string owned = "owned";
    const std::initializer_list<Attribute> attributes{{"text", "a"},
                                                      {"string", owned},
                                                      {"flag", true},
                                                      {"int", -5},
                                                      {"small", std::uint16_t{80}},
                                                      {"size", std::size_t{7}},
                                                      {"low", std::numeric_limits<std::int64_t>::min()},
                                                      {"high", std::numeric_limits<std::uint64_t>::max()}};
    EXPECT_EQ(line_of(LineFormat::json, "m", attributes),
              R"("message":"m","text":"a","string":"owned","flag":true,"int":-5,"small":80,"size":7,)"
              R"("low":-9223372036854775808,"high":18446744073709551615)");
    EXPECT_EQ(line_of(LineFormat::human, "m", attributes),
              "m text=a string=owned flag=true int=-5 small=80 size=7 low=-9223372036854775808 "
              "high=18446744073709551615");
}

TEST(LogLine, QuotesWhatIsNotOnePlainWordForPeople) {
    EXPECT_EQ(line_of(LineFormat::human, "it happened",
                      {{"a", "two words"}, {"b", ""}, {"c", "x=y"}, {"d", "q\"q"}}),
              R"(it happened a="two words" b="" c="x=y" d="q\"q")");
}

TEST(LogLine, CannotBeEndedOrForgedByATextOfTheClient) {
    const std::string_view attack = "x\n{\"level\":\"error\"}\r\x1b[31m\x7f\xc2\x9b"
                                    "2J";
    for (const LineFormat format : {LineFormat::json, LineFormat::human}) {
        for (const std::string& line : {line_of(format, attack), line_of(format, "m", {{"path", attack}})}) {
            const auto is_control = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; };
            EXPECT_TRUE(std::ranges::none_of(line, is_control)) << line;
            EXPECT_EQ(line.find("\xc2\x9b"), std::string::npos) << line;
        }
    }
}

} // namespace tollgate::telemetry
