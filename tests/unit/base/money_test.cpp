#include "tollgate/base/money.hpp"

#include <gtest/gtest.h>

namespace tollgate::base {

TEST(Money, ReadsDecimalsExactly) {
    EXPECT_EQ(Money::parse("12").value().micros(), 12'000'000);
    EXPECT_EQ(Money::parse("12.5").value().micros(), 12'500'000);
    EXPECT_EQ(Money::parse("-0.000001").value().micros(), -1);
    EXPECT_EQ(Money::parse("9223372036854.775807").value(), Money::maximum());
    EXPECT_EQ(Money::parse("-9223372036854.775808").value().micros(), INT64_MIN);
}

TEST(Money, RefusesWhatIsNotAnExactAmount) {
    for (const char* text : {"", "-", ".", "1.", ".5", "1.0000001", "1e3", "1,5", " 1", "+1", "0x1", "--1",
                             "9223372036854.775808"}) {
        EXPECT_FALSE(Money::parse(text).has_value()) << text;
    }
}

TEST(Money, PrintsTheShortestDecimal) {
    for (const char* text :
         {"0", "1", "-1", "0.000001", "-0.5", "12.5", "9223372036854.775807", "-9223372036854.775808"}) {
        EXPECT_EQ(to_string(Money::parse(text).value()), text);
    }
}

TEST(Money, PrintsEveryFractionThatItReads) {
    const auto check = [](std::int64_t micros) {
        const Money money = Money::of_micros(micros);
        const std::string text = to_string(money);
        ASSERT_EQ(Money::parse(text).value(), money) << text;
        ASSERT_TRUE(text.find('.') == std::string::npos || text.back() != '0') << text;
    };
    for (std::int64_t micros = 0; micros < 1'000'000; ++micros) check(micros);
    for (std::int64_t micros = 1; micros < INT64_MAX / 7; micros *= 7) check(-micros);
}

TEST(Money, CheckedSumsTellWhenTheyDoNotFit) {
    EXPECT_FALSE(Money::add(Money::maximum(), Money::of_micros(1)).has_value());
    EXPECT_EQ(Money::maximum() + Money::of_micros(1), Money::maximum());
    EXPECT_EQ(Money::subtract(Money::of_micros(5), Money::of_micros(7)), Money::of_micros(-2));
}

} // namespace tollgate::base
