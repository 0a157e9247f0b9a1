#include "tollgate/domain/correction.hpp"

#include <gtest/gtest.h>

namespace tollgate::domain {

namespace {

CostCorrection correction(const char* id, std::int64_t after) {
    return {.request_id = base::RequestId(id),
            .before = base::Money::of_micros(5),
            .after = base::Money::of_micros(after)};
}

} // namespace

TEST(Correction, TakesCostsThatTheBooksCanHold) {
    EXPECT_TRUE(check(Repricing{}));
    EXPECT_TRUE(check({.corrections = {correction("req_1", 0), correction("req_2", 1'000'000'000'000'000)}}));
}

TEST(Correction, RefusesACostThatTheBooksCannotHoldAndACallTwice) {
    for (const std::int64_t after : {std::int64_t{-1}, std::int64_t{1'000'000'000'000'001}}) {
        const auto checked = check({.corrections = {correction("req_1", 1), correction("req_2", after)}});
        ASSERT_FALSE(checked);
        EXPECT_EQ(checked.error().code, base::ErrorCode::invalid_field);
        EXPECT_NE(checked.error().message.find("req_2"), std::string::npos);
    }
    EXPECT_FALSE(check({.corrections = {correction("req_1", 1), correction("req_1", 1)}}));
}

} // namespace tollgate::domain
