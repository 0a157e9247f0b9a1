#include "tollgate/base/call_id.hpp"

#include <gtest/gtest.h>

namespace tollgate::base {

TEST(CallId, PacksTheIdsThatWeMakeAndGivesThemBack) {
    for (const std::string text :
         {"req_019ad3f0c5b70123456789abcdef0000", "req_00000000000000000000000000000000",
          "req_ffffffffffffffffffffffffffffffff"}) {
        const CallId id(text);
        ASSERT_TRUE(id.is_packed()) << text;
        EXPECT_EQ(id.bytes().size(), 16U);
        EXPECT_EQ(unpack_call_id(id.bytes()), text);
    }
}

TEST(CallId, LeavesEveryOtherTextAsItIs) {
    for (const char* text :
         {"", "req_", "req_1", "trace-7", "req_019ad3f0c5b70123456789abcdef000",
          "req_019ad3f0c5b70123456789abcdef00000", "req_019AD3F0C5B70123456789ABCDEF0000",
          "req_019ad3f0c5b70123456789abcdef000g", "key_019ad3f0c5b70123456789abcdef0000"}) {
        const CallId id(text);
        EXPECT_FALSE(id.is_packed()) << text;
        EXPECT_EQ(id.text(), text);
    }
}

TEST(CallId, KeepsTheOrderOfIds) {
    const CallId earlier("req_019ad3f0c5b7ffffffffffffffffffff");
    const CallId later("req_019ad3f0c5b80000000000000000000f");
    EXPECT_LT(earlier.bytes(), later.bytes());
}

} // namespace tollgate::base
