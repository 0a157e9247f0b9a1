#include "simulator/attempts.hpp"

#include <gtest/gtest.h>

namespace tollgate::simulator {

TEST(Attempts, CountEachKeyFromZero) {
    Attempts attempts;
    EXPECT_EQ(attempts.count("a"), 0U);
    EXPECT_EQ(attempts.count("a"), 1U);
    EXPECT_EQ(attempts.count("b"), 0U);
    attempts.forget_all();
    EXPECT_EQ(attempts.count("a"), 0U);
}

TEST(Attempts, AreForgottenRatherThanHoardedForEver) {
    Attempts attempts;
    for (int i = 0; i < 100'000; ++i) attempts.count(std::to_string(i));
    EXPECT_EQ(attempts.count("5"), 1U); // a known key needs no room
    attempts.count("one too many");
    EXPECT_EQ(attempts.count("5"), 0U);
}

} // namespace tollgate::simulator
