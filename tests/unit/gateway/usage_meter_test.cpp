#include "gateway/usage_meter.hpp"

#include <gtest/gtest.h>

namespace tollgate::gateway {
namespace {

std::string chunk(const std::string& content, const std::string& more = "") {
    return "{\"choices\":[{\"delta\":{\"content\":\"" + content + "\"}}]" + more + "}";
}

TEST(UsageMeter, KnowsWhatWasProducedAtLeastAndAtMost) {
    UsageMeter meter{domain::Call()};
    EXPECT_EQ(meter.least_output(), 0U);
    EXPECT_EQ(meter.most_output(), 0U);
    for (int word = 0; word < 1'000; ++word) meter.read_chunk(chunk(" word"));
    EXPECT_EQ(meter.most_output(), 5'000U) << "a token stands for a byte at least";
    EXPECT_GT(meter.least_output(), 500U);
    EXPECT_LE(meter.least_output(), 1'000U);
    meter.start_over();
    EXPECT_EQ(meter.least_output(), 0U);
}

TEST(UsageMeter, IsNotSureOfTokensThatPagesOfBlanksMayNotBe) {
    UsageMeter meter{domain::Call()};
    for (int page = 0; page < 50; ++page) meter.read_chunk(chunk(std::string(128, ' ')));
    EXPECT_LE(meter.least_output(), 200U) << "a token of blanks is up to 128 bytes long";
}

TEST(UsageMeter, BelievesARunningTotalThatIsHigher) {
    UsageMeter meter{domain::Call()};
    meter.read_chunk(chunk("a", ",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":900}"));
    EXPECT_EQ(meter.least_output(), 900U);
    EXPECT_EQ(meter.most_output(), 900U);
}

} // namespace
} // namespace tollgate::gateway
