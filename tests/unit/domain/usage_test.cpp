#include "tollgate/domain/usage.hpp"

#include <gtest/gtest.h>

namespace tollgate::domain {

TEST(Usage, SourcesHaveTheirWords) {
    EXPECT_EQ(to_string(UsageSource::provider), "provider");
    EXPECT_EQ(to_string(UsageSource::estimated), "estimated");
    EXPECT_EQ(to_string(UsageSource::interrupted), "interrupted");
}

TEST(Usage, EveryKindOfTokenIsCountedInOneSumOnly) {
    const Usage usage{.input = 1,
                      .cached_input = 10,
                      .cache_write = 100,
                      .output = 1'000,
                      .audio_input = 10'000,
                      .audio_output = 100'000,
                      .images = 7,
                      .reasoning = 500};
    EXPECT_EQ(usage.prompt_tokens(), 10'111);
    EXPECT_EQ(usage.completion_tokens(), 101'000);
    EXPECT_EQ(usage.total_tokens(), 111'111);
}

} // namespace tollgate::domain
