#include "tollgate/base/error.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tollgate::base {

TEST(ErrorCode, EachHasANameOfItsOwnThatAProgramCanCompare) {
    std::set<std::string_view> names;
    const int last = static_cast<int>(ErrorCode::already_exists);
    for (int code = 0; code <= last; ++code) {
        const std::string_view name = to_string(static_cast<ErrorCode>(code));
        EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos) << name;
        EXPECT_TRUE(names.insert(name).second) << "two codes are called " << name;
    }
    EXPECT_EQ(to_string(ErrorCode::malformed_request), "malformed_request");
    EXPECT_EQ(to_string(ErrorCode::already_exists), "already_exists");
}

TEST(ErrorCode, AValueOutsideTheListIsOurOwnFault) {
    EXPECT_EQ(to_string(static_cast<ErrorCode>(9999)), "internal");
}

TEST(Error, RejectBlamesTheClientAndNamesTheField) {
    const Result<int> result = reject(ErrorCode::invalid_field, "must be a number", "budget");
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::invalid_field);
    EXPECT_EQ(result.error().source, ErrorSource::client);
    EXPECT_EQ(result.error().retry, Retry::no);
    EXPECT_EQ(result.error().message, "must be a number");
    EXPECT_EQ(result.error().param, "budget");
    EXPECT_FALSE(result.error().retry_after.has_value());
}

TEST(Error, FailKeepsWhoseFaultItIs) {
    const Result<void> result = fail(ErrorCode::storage_unavailable, ErrorSource::storage, "disk full");
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().source, ErrorSource::storage);
    EXPECT_EQ(result.error().message, "disk full");
    EXPECT_TRUE(result.error().param.empty());
}

} // namespace tollgate::base
