#include "dashboard/token.hpp"

#include "dashboard/base64.hpp"
#include "tollgate/base/digest.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tollgate::dashboard {

namespace {

using std::chrono::seconds;

const base::WallTime now{seconds(1'800'000'000)};
const std::vector<base::Secret> secrets{base::Secret("the first secret of these tests, 32+"),
                                        base::Secret("another one, older, still accepted..")};
const TokenClaims claims{.session_id = ports::SessionId("ses_0123456789abcdef0123456789abcdef"),
                         .account_id = base::AccountId("acc_0123456789abcdef"),
                         .issued_at = now,
                         .expires_at = now + seconds(3600)};

std::string signed_with(const std::string& text, const base::Secret& secret) {
    return text + "." +
           to_base64url(std::span<const std::uint8_t>(base::hmac_sha256(secret.expose(), text).bytes));
}

std::string with_header(std::string_view header, std::string_view payload) {
    return to_base64url(header) + "." + to_base64url(payload);
}

constexpr std::string_view good_header = R"({"alg":"HS256","typ":"JWT"})";

} // namespace

TEST(Token, GivesBackWhatWasSigned) {
    EXPECT_EQ(verify_token(sign_token(claims, secrets[0]), secrets, now), claims);
}

TEST(Token, IsAcceptedFromEverySecretInUseAndNoOther) {
    EXPECT_EQ(verify_token(sign_token(claims, secrets[1]), secrets, now), claims);
    EXPECT_FALSE(
        verify_token(sign_token(claims, base::Secret("a secret of somebody else, 32 bytes")), secrets, now));
    EXPECT_FALSE(verify_token(sign_token(claims, base::Secret("")), secrets, now));
    EXPECT_FALSE(verify_token(sign_token(claims, secrets[0]), {}, now));
}

TEST(Token, EndsInTimeAndDoesNotComeFromTheFuture) {
    const std::string token = sign_token(claims, secrets[0]);
    EXPECT_TRUE(verify_token(token, secrets, claims.expires_at - seconds(1)));
    EXPECT_FALSE(verify_token(token, secrets, claims.expires_at));
    EXPECT_TRUE(verify_token(token, secrets, now - seconds(60)));
    EXPECT_FALSE(verify_token(token, secrets, now - seconds(61)));
}

TEST(Token, KnowsOneHeaderAlone) {
    const std::string payload =
        R"({"iss":"tollgate","aud":"dashboard","sub":"acc_1","sid":"ses_1","iat":1800000000,"exp":1800003600})";
    EXPECT_TRUE(verify_token(signed_with(with_header(good_header, payload), secrets[0]), secrets, now));
    for (const char* header :
         {R"({"alg":"none"})", R"({"alg":"None","typ":"JWT"})", R"({"alg":"HS384","typ":"JWT"})",
          R"({"alg":"RS256","typ":"JWT"})", R"({"typ":"JWT","alg":"HS256"})", "{}", ""}) {
        EXPECT_FALSE(verify_token(signed_with(with_header(header, payload), secrets[0]), secrets, now))
            << header;
        EXPECT_FALSE(verify_token(with_header(header, payload) + ".", secrets, now)) << header;
        EXPECT_FALSE(verify_token(with_header(header, payload), secrets, now)) << header;
    }
    EXPECT_FALSE(verify_token(with_header(good_header, payload) + ".", secrets, now));
}

TEST(Token, NeedsEveryClaim) {
    for (
        const char* payload :
        {"", "{}", "[]", "x",
         R"({"iss":"other","aud":"dashboard","sub":"a","sid":"s","iat":1800000000,"exp":1800003600})",
         R"({"iss":"tollgate","aud":"other","sub":"a","sid":"s","iat":1800000000,"exp":1800003600})",
         R"({"iss":"tollgate","aud":"dashboard","sid":"s","iat":1800000000,"exp":1800003600})",
         R"({"iss":"tollgate","aud":"dashboard","sub":"a","iat":1800000000,"exp":1800003600})",
         R"({"iss":"tollgate","aud":"dashboard","sub":"a","sid":"s","exp":1800003600})",
         R"({"iss":"tollgate","aud":"dashboard","sub":"a","sid":"s","iat":1800000000})",
         R"({"iss":"tollgate","aud":"dashboard","sub":"a","sid":"s","iat":"1800000000","exp":"1800003600"})",
         R"({"iss":"tollgate","aud":"dashboard","sub":"a","sid":"s","iat":1800000000,"exp":18000036000000})",
         R"({"iss":"tollgate","aud":"dashboard","sub":"a","sid":"s","iat":1800000000,"exp":1800003600,"exp":9})"}) {
        EXPECT_FALSE(verify_token(signed_with(with_header(good_header, payload), secrets[0]), secrets, now))
            << payload;
    }
}

TEST(Token, NoChangedByteIsAccepted) {
    const std::string token = sign_token(claims, secrets[0]);
    std::mt19937_64 random(11);
    for (int round = 0; round < 10'000; ++round) {
        std::string forged = token;
        const int changes = 1 + static_cast<int>(random() % 3);
        for (int each = 0; each < changes; ++each) {
            const std::size_t place = random() % forged.size();
            switch (random() % 3) {
            case 0: forged[place] = static_cast<char>(random() % 256); break;
            case 1: forged.erase(place, 1 + random() % 4); break;
            default: forged.insert(place, 1, "abcXYZ019-_.= "[random() % 14]); break;
            }
            if (forged.empty()) forged = ".";
        }
        if (forged == token) continue;
        EXPECT_FALSE(verify_token(forged, secrets, now)) << forged;
    }
}

TEST(Token, ADeviceBelongsToOneAccount) {
    const std::string mark = sign_device(claims.account_id, secrets[0]);
    EXPECT_TRUE(verify_device(mark, claims.account_id, secrets));
    EXPECT_FALSE(verify_device(mark, base::AccountId("acc_other"), secrets));
    EXPECT_FALSE(verify_device(mark + "x", claims.account_id, secrets));
    EXPECT_FALSE(verify_device("x" + mark, claims.account_id, secrets));
    EXPECT_FALSE(verify_device("", claims.account_id, secrets));
    EXPECT_NE(mark, sign_device(claims.account_id, secrets[0]));
}

} // namespace tollgate::dashboard
