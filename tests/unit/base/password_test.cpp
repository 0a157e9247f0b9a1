#include "tollgate/base/password.hpp"

#include <gtest/gtest.h>

namespace tollgate::base {

TEST(Password, IsHashedInPhcFormWithItsParameters) {
    const auto hash = hash_password(Secret("correct horse"));
    ASSERT_TRUE(hash.has_value());
    EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << *hash;
}

TEST(Password, IsVerifiedByItsOwnHashAlone) {
    const auto hash = hash_password(Secret("correct horse"));
    EXPECT_TRUE(verify_password(Secret("correct horse"), *hash));
    for (const char* wrong : {"", "correct hors", "correct horse ", "Correct horse"}) {
        EXPECT_FALSE(verify_password(Secret(wrong), *hash)) << wrong;
    }
}

TEST(Password, ZeroBytesCount) {
    const auto hash = hash_password(Secret(std::string("pass\0word1", 10)));
    EXPECT_TRUE(verify_password(Secret(std::string("pass\0word1", 10)), *hash));
    EXPECT_FALSE(verify_password(Secret(std::string("pass\0word2", 10)), *hash));
}

TEST(Password, TheSamePasswordHasAnotherSaltEachTime) {
    EXPECT_NE(hash_password(Secret("correct horse")).value(), hash_password(Secret("correct horse")).value());
}

TEST(Password, AHashMadeElsewhereIsRead) {
    // A test vector of phc-winner-argon2 (src/test.c).
    constexpr std::string_view foreign =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    EXPECT_TRUE(verify_password(Secret("password"), foreign));
    EXPECT_FALSE(verify_password(Secret("passwore"), foreign));
}

TEST(Password, AnUnreadableHashIsNobodys) {
    for (const char* hash :
         {"", "password", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=1"}) {
        EXPECT_FALSE(verify_password(Secret("password"), hash)) << hash;
    }
}

TEST(Password, ItsLengthIsBounded) {
    for (const std::size_t length : {0U, 1U, 9U, 1025U}) {
        const auto hash = hash_password(Secret(std::string(length, 'x')));
        ASSERT_FALSE(hash.has_value()) << length;
        EXPECT_EQ(hash.error().code, ErrorCode::invalid_field);
        EXPECT_EQ(hash.error().param, "password");
    }
    for (const std::size_t length : {10U, 1024U}) {
        EXPECT_TRUE(hash_password(Secret(std::string(length, 'x'))).has_value()) << length;
    }
}

} // namespace tollgate::base
