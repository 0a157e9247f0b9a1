#include "tollgate/base/digest.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tollgate::base {

// FIPS 180-4, examples published by NIST.
TEST(Digest, AgreesWithThePublishedExamplesOfSha256) {
    EXPECT_EQ(to_hex(sha256("").bytes), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(to_hex(sha256("abc").bytes),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(to_hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").bytes),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Digest, ComparesAndHashesByValue) {
    EXPECT_EQ(sha256("a"), sha256("a"));
    EXPECT_NE(sha256("a"), sha256("b"));
    EXPECT_EQ(std::hash<Digest>{}(sha256("a")), std::hash<Digest>{}(sha256("a")));
    EXPECT_NE(std::hash<Digest>{}(sha256("a")), std::hash<Digest>{}(sha256("b")));
}

TEST(Hex, WritesTwoLowerCaseDigitsForEachByte) {
    const std::array<std::uint8_t, 4> bytes{0x00, 0x0f, 0xf0, 0xab};
    EXPECT_EQ(to_hex(bytes), "000ff0ab");
    EXPECT_EQ(to_hex({}), "");
}

TEST(RandomHex, HasTheLengthAskedForAndDoesNotRepeat) {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const std::string text = random_hex(16);
        EXPECT_EQ(text.size(), 32u);
        EXPECT_EQ(text.find_first_not_of("0123456789abcdef"), std::string::npos) << text;
        seen.insert(text);
    }
    EXPECT_EQ(seen.size(), 1000u);
    EXPECT_EQ(random_hex(0), "");
}

TEST(Digest, HmacMakesTheVectorsOfRfc4231) {
    EXPECT_EQ(to_hex(hmac_sha256(std::string(20, '\x0b'), "Hi There").bytes),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?").bytes),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Digest, ComparesInConstantTimeLikeAnyOther) {
    Digest other = sha256("a");
    EXPECT_TRUE(equals_in_constant_time(sha256("a"), other));
    other.bytes.back() ^= 1U;
    EXPECT_FALSE(equals_in_constant_time(sha256("a"), other));
}

} // namespace tollgate::base
