#include "tollgate/base/decimal.hpp"

#include <gtest/gtest.h>

#include <random>

using tollgate::base::Decimal;

TEST(Decimal, ReadsDigitsAndScaleAndDropsTrailingZeros) {
    struct Row {
        std::string_view text;
        Decimal expected;
    };
    for (const Row& row :
         {Row{"0", {0, 0}}, Row{"0.000", {0, 0}}, Row{"88", {88, 0}}, Row{"88.00", {88, 0}},
          Row{"0.05", {5, 2}}, Row{"-0.05", {-5, 2}}, Row{"1.4e-07", {14, 8}}, Row{"2.5E2", {250, 0}},
          Row{"3e+3", {3000, 0}}, Row{"100", {100, 0}}, Row{"0.000000000000000001", {1, 18}},
          Row{"9223372036854775807", {INT64_MAX, 0}}}) {
        const auto value = Decimal::parse(row.text);
        ASSERT_TRUE(value.has_value()) << row.text;
        EXPECT_EQ(*value, row.expected) << row.text;
    }
}

TEST(Decimal, RefusesWhatIsNotADecimalOrDoesNotFit) {
    for (const std::string_view text : {"",      "-",
                                        "+1",    ".5",
                                        "5.",    "1..2",
                                        "1.2.3", "0x10",
                                        "1e",    "1e+-2",
                                        "1e41",  "1e-41",
                                        "1e-19", "nan",
                                        "inf",   " 1",
                                        "1 ",    "1,5",
                                        "--1",   "9223372036854775808",
                                        "1e19",  "1e99999999999"}) {
        EXPECT_FALSE(Decimal::parse(text).has_value()) << text;
    }
}

TEST(Decimal, WritesTheShortestPlainForm) {
    EXPECT_EQ(to_string(Decimal{0, 0}), "0");
    EXPECT_EQ(to_string(Decimal{88, 0}), "88");
    EXPECT_EQ(to_string(Decimal{-5, 2}), "-0.05");
    EXPECT_EQ(to_string(Decimal{14, 8}), "0.00000014");
    EXPECT_EQ(to_string(Decimal{1234, 3}), "1.234");
}

TEST(Decimal, KnowsItsDenominator) {
    EXPECT_EQ((Decimal{5, 0}).denominator(), 1);
    EXPECT_EQ((Decimal{5, 18}).denominator(), 1'000'000'000'000'000'000);
}

TEST(Decimal, ReadsBackWhatItWrites) {
    std::mt19937_64 random(7);
    for (int i = 0; i < 10'000; ++i) {
        const auto digits = static_cast<std::int64_t>(random() >> (1 + random() % 63));
        const auto text = to_string(Decimal{digits, static_cast<int>(random() % 19)});
        const auto value = Decimal::parse(text);
        if (!value) continue; // written with more zeros in front than 64 bits and 18 places can hold
        const auto again = Decimal::parse(to_string(*value));
        ASSERT_TRUE(again.has_value()) << text;
        EXPECT_EQ(*value, *again) << text;
    }
}
