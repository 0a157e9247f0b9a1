#include "tollgate/base/check.hpp"

#include <gtest/gtest.h>

namespace tollgate::base {

TEST(Check, LetsATrueInvariantPassAndEvaluatesItOnce) {
    int evaluated = 0;
    TG_CHECK(++evaluated == 1);
    EXPECT_EQ(evaluated, 1);
}

TEST(CheckDeathTest, EndsTheProcessAndSaysWhichInvariantAndWhere) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(TG_CHECK(1 + 1 == 3), "broken invariant: 1 \\+ 1 == 3 \\(.*check_test.cpp:[0-9]+\\)");
}

} // namespace tollgate::base
