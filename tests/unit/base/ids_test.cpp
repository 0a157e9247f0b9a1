#include "tollgate/base/ids.hpp"

#include <gtest/gtest.h>

#include <set>
#include <type_traits>
#include <unordered_set>

namespace tollgate::base {

static_assert(!std::is_convertible_v<KeyId, AccountId>);
static_assert(!std::is_constructible_v<RequestId, KeyId>);

TEST(Ids, NewOnesHaveTheirPrefixAndLength) {
    EXPECT_TRUE(new_key_id().text().starts_with("key_"));
    EXPECT_EQ(new_key_id().text().size(), 4 + 16u);
    EXPECT_TRUE(new_account_id().text().starts_with("acc_"));
    EXPECT_EQ(new_account_id().text().size(), 4 + 16u);
    EXPECT_TRUE(new_request_id(WallTime()).text().starts_with("req_"));
    EXPECT_EQ(new_request_id(WallTime()).text().size(), 4 + 32u);
}

TEST(Ids, NewOnesDoNotRepeat) {
    std::unordered_set<RequestId> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(new_request_id(WallTime()));
    EXPECT_EQ(seen.size(), 1000u);
}

TEST(RequestId, NewOnesSortByTheirTime) {
    using std::chrono::milliseconds;
    const WallTime early{milliseconds(1'700'000'000'000)};
    for (const auto step : {1LL, 15LL, 4096LL, 1'000'000'000LL})
        EXPECT_LT(new_request_id(early), new_request_id(early + milliseconds(step))) << step;
    EXPECT_TRUE(new_request_id(early).text().starts_with("req_018bcfe56800"));
}

TEST(Ids, CompareByText) {
    EXPECT_EQ(KeyId("a"), KeyId("a"));
    EXPECT_LT(KeyId("a"), KeyId("b"));
    EXPECT_TRUE(KeyId().empty());
}

TEST(RequestId, OursAreWellFormed) {
    EXPECT_TRUE(is_well_formed_request_id(new_request_id(WallTime()).text()));
}

TEST(RequestId, EveryByteIsEitherAllowedOrRefused) {
    const std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    for (int byte = 0; byte < 256; ++byte) {
        const std::string text = "id" + std::string(1, static_cast<char>(byte));
        EXPECT_EQ(is_well_formed_request_id(text), allowed.contains(static_cast<char>(byte))) << byte;
    }
}

TEST(RequestId, OneToAHundredAndTwentyEightCharacters) {
    EXPECT_FALSE(is_well_formed_request_id(""));
    EXPECT_TRUE(is_well_formed_request_id("x"));
    EXPECT_TRUE(is_well_formed_request_id(std::string(128, 'x')));
    EXPECT_FALSE(is_well_formed_request_id(std::string(129, 'x')));
}

} // namespace tollgate::base
