#include "dashboard/base64.hpp"

#include "tollgate/base/digest.hpp"

#include <gtest/gtest.h>

namespace tollgate::dashboard {

TEST(Base64, WritesTheVectorsOfTheStandardWithoutPadding) {
    EXPECT_EQ(to_base64url(std::string_view("")), "");
    EXPECT_EQ(to_base64url(std::string_view("f")), "Zg");
    EXPECT_EQ(to_base64url(std::string_view("fo")), "Zm8");
    EXPECT_EQ(to_base64url(std::string_view("foo")), "Zm9v");
    EXPECT_EQ(to_base64url(std::string_view("foobar")), "Zm9vYmFy");
    EXPECT_EQ(to_base64url(std::string_view("\xfb\xff")), "-_8");
}

TEST(Base64, ReadsBackWhatItWrote) {
    for (std::size_t size = 0; size < 70; ++size) {
        const std::string bytes = base::random_hex(size);
        EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
    }
}

TEST(Base64, HasOneFormForEachValue) {
    for (const char* text : {"Z", "Zm9vY", "Zg==", "Zh", "Zm9", "Zm+v", "Zm/v", "Zm 9", "Zm9v\n"}) {
        EXPECT_FALSE(from_base64url(text).has_value()) << text;
    }
}

} // namespace tollgate::dashboard
