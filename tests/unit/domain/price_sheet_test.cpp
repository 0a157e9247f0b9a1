#include "tollgate/domain/price_sheet.hpp"

#include "unit/domain/price_samples.hpp"

#include <gtest/gtest.h>

namespace tollgate::domain {

using namespace samples;

TEST(PriceSheet, ShowsAMillionTokensInDollarsAndAsCharged) {
    const auto points = price_points(gpt_4o_mini(), inr_80());
    ASSERT_EQ(points.size(), 3U);
    EXPECT_EQ(points[0].kind, "input");
    EXPECT_EQ(points[0].dollars, "0.15");
    EXPECT_EQ(to_string(points[0].charged), "13.23");
    EXPECT_EQ(points[1].kind, "cached_input");
    EXPECT_EQ(points[1].dollars, "0.075");
    EXPECT_EQ(points[2].kind, "output");
    EXPECT_EQ(points[2].units, 1'000'000U);
    EXPECT_EQ(to_string(points[2].charged), "52.92");
}

TEST(PriceSheet, ShowsImagesAndRequestsOneByOne) {
    const auto points = price_points(dall_e(), inr());
    ASSERT_EQ(points.size(), 1U);
    EXPECT_EQ(points[0].units, 1U);
    EXPECT_EQ(points[0].dollars, "0.04");
    EXPECT_EQ(to_string(points[0].charged), "3.8808");
}

TEST(PriceSheet, ListsTiersBehindTheBase) {
    const auto points = price_points(three_tiers(), plain());
    ASSERT_EQ(points.size(), 6U);
    EXPECT_EQ(points[1].above, 0U);
    EXPECT_EQ(points[2].above, 32'000U);
    EXPECT_EQ(points[2].dollars, "2");
    EXPECT_EQ(points[4].kind, "input");
    EXPECT_EQ(points[4].above, 128'000U);
    EXPECT_EQ(points[5].kind, "output");
    EXPECT_EQ(points[5].above, 256'000U);
    EXPECT_EQ(points[5].dollars, "9");
}

TEST(PriceSheet, IsWhatACallIsCharged) {
    for (const auto& price : {gpt_4o(), claude_sonnet(), gemini_flash(), deepseek()}) {
        const auto points = price_points(price, inr_odd());
        ASSERT_EQ(points[0].kind, "input");
        EXPECT_EQ(charge(rates_for(price, 0), {.input = 1'000'000}, inr_odd()).value(), points[0].charged);
    }
}

TEST(PriceSheet, OfAModelWithoutAPriceIsEmpty) {
    EXPECT_TRUE(price_points(ModelPrice(), inr()).empty());
}

} // namespace tollgate::domain
