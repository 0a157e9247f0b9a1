#include "domain/address_block.hpp"

#include <gtest/gtest.h>

namespace tollgate::domain {

namespace {

bool is_in(const char* block, const char* address) {
    const auto parsed_block = parse_block(block);
    const auto parsed_address = parse_address(address);
    EXPECT_TRUE(parsed_block.has_value()) << block;
    EXPECT_TRUE(parsed_address.has_value()) << address;
    return parsed_block && parsed_address && contains(*parsed_block, *parsed_address);
}

} // namespace

TEST(AddressBlock, HoldsExactlyTheAddressesBetweenItsEnds) {
    EXPECT_TRUE(is_in("10.0.0.0/8", "10.255.255.255"));
    EXPECT_FALSE(is_in("10.0.0.0/8", "11.0.0.0"));
    EXPECT_FALSE(is_in("10.0.0.0/8", "9.255.255.255"));
    EXPECT_TRUE(is_in("192.168.4.0/22", "192.168.7.255"));
    EXPECT_FALSE(is_in("192.168.4.0/22", "192.168.8.0"));
    EXPECT_TRUE(is_in("0.0.0.0/0", "203.0.113.9"));
    EXPECT_TRUE(is_in("203.0.113.9/32", "203.0.113.9"));
    EXPECT_FALSE(is_in("203.0.113.9/32", "203.0.113.8"));
    EXPECT_TRUE(is_in("2001:db8::/32", "2001:db8:ffff::1"));
    EXPECT_FALSE(is_in("2001:db8::/32", "2001:db9::1"));
    EXPECT_TRUE(is_in("2001:db8::/127", "2001:db8::1"));
    EXPECT_FALSE(is_in("2001:db8::/127", "2001:db8::2"));
}

TEST(AddressBlock, TakesASingleAddressAsABlockOfOne) {
    EXPECT_TRUE(is_in("203.0.113.9", "203.0.113.9"));
    EXPECT_FALSE(is_in("203.0.113.9", "203.0.113.10"));
    EXPECT_TRUE(is_in("::1", "::1"));
    EXPECT_FALSE(is_in("::1", "::2"));
}

TEST(AddressBlock, KnowsAnIpv4AddressInEveryForm) {
    EXPECT_TRUE(is_in("10.0.0.0/8", "::ffff:10.1.2.3"));
    EXPECT_TRUE(is_in("10.0.0.0/8", "::ffff:0a01:0203"));
    EXPECT_TRUE(is_in("::ffff:10.0.0.0/104", "10.1.2.3"));
    EXPECT_FALSE(is_in("10.0.0.0/8", "::10.1.2.3")); // the old compatible form is another address
}

TEST(AddressBlock, KeepsTheFamiliesApart) {
    EXPECT_FALSE(is_in("::/0", "10.1.2.3"));
    EXPECT_FALSE(is_in("::/80", "::ffff:10.1.2.3"));
    EXPECT_FALSE(is_in("0.0.0.0/0", "2001:db8::1"));
    EXPECT_TRUE(is_in("::/0", "2001:db8::1"));
}

TEST(AddressBlock, LeavesTheZoneOfAnAddressOutOfAccount) {
    EXPECT_TRUE(is_in("fe80::/10", "fe80::1%eth0"));
    EXPECT_FALSE(parse_block("fe80::1%eth0/64").has_value());
}

TEST(AddressBlock, RefusesWhatIsNoBlock) {
    for (const char* text : {"",
                             "/",
                             "/8",
                             "10.0.0.0/",
                             "10.0.0.0/33",
                             "10.0.0.0/-1",
                             "10.0.0.0/+8",
                             "10.0.0.0/08",
                             "10.0.0.0/8 ",
                             " 10.0.0.0/8",
                             "10.0.0.0/8/8",
                             "10.0.0/8",
                             "10.0.0.256/32",
                             "010.0.0.0/8",
                             "10.0.0.0/255.0.0.0",
                             "::/129",
                             "::/0128",
                             "2001:db8::/",
                             "2001:db8:::/32",
                             "[::1]/128",
                             "localhost",
                             "*",
                             "10.0.0.1/8",
                             "2001:db8::1/32",
                             "10.0.0.0/999999999999"}) {
        EXPECT_FALSE(parse_block(text).has_value()) << text;
    }
    EXPECT_FALSE(parse_address(std::string_view("10.0.0.1\0.evil", 14)).has_value());
}

} // namespace tollgate::domain
