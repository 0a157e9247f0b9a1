#include "dashboard/origin.hpp"

#include <gtest/gtest.h>

namespace tollgate::dashboard {

namespace {

http::Fields fields_of(std::initializer_list<http::Field> list) {
    http::Fields fields;
    for (const http::Field& field : list) fields.add(field);
    return fields;
}

const std::vector<std::string> no_proxies{};

} // namespace

TEST(Origin, LetsScriptsAndOurOwnPageThrough) {
    EXPECT_TRUE(check_origin(fields_of({{"Host", "gate.example"}}), Scheme::http));
    EXPECT_TRUE(
        check_origin(fields_of({{"Host", "gate.example"}, {"Origin", "http://gate.example"}}), Scheme::http));
    EXPECT_TRUE(check_origin(fields_of({{"Host", "Gate.example:8080"},
                                        {"Origin", "http://gate.example:8080"},
                                        {"Sec-Fetch-Site", "same-origin"}}),
                             Scheme::http));
    EXPECT_TRUE(check_origin(fields_of({{"Host", "gate.example"}, {"Origin", "https://gate.example"}}),
                             Scheme::https));
    EXPECT_TRUE(check_origin(fields_of({{"Host", "gate.example"}, {"Origin", "https://gate.example"}}),
                             Scheme::http));
}

TEST(Origin, RefusesEveryOther) {
    for (const char* origin :
         {"http://evil.example", "https://gate.example.evil", "https://gate.example:444", "null", "",
          "http://gate.example", "https://gate.example/", "ftp://gate.example", "gate.example"}) {
        const auto checked =
            check_origin(fields_of({{"Host", "gate.example"}, {"Origin", origin}}), Scheme::https);
        ASSERT_FALSE(checked.has_value()) << origin;
        EXPECT_EQ(checked.error().code, base::ErrorCode::cross_origin);
    }
    for (const char* site : {"cross-site", "same-site", "", "Same-Origin"}) {
        EXPECT_FALSE(check_origin(fields_of({{"Host", "a"}, {"Sec-Fetch-Site", site}}), Scheme::http))
            << site;
    }
    EXPECT_FALSE(check_origin(fields_of({{"Host", "a"}, {"Origin", "http://a"}, {"Origin", "http://b"}}),
                              Scheme::http));
    EXPECT_FALSE(check_origin(fields_of({{"Origin", "http://"}}), Scheme::http));
}

TEST(Origin, DemandsAContentTypeThatFormsCannotSend) {
    for (const char* type : {"application/json", "Application/JSON", "application/json; charset=utf-8"}) {
        EXPECT_TRUE(check_content_type(fields_of({{"Content-Type", type}}))) << type;
    }
    for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "",
                             "application/jsonp", "text/plain; application/json"}) {
        EXPECT_FALSE(check_content_type(fields_of({{"Content-Type", type}}))) << type;
    }
    EXPECT_FALSE(check_content_type(fields_of({})));
    EXPECT_FALSE(check_content_type(
        fields_of({{"Content-Type", "application/json"}, {"Content-Type", "text/plain"}})));
}

TEST(Origin, BelievesATrustedProxyAboutTheScheme) {
    const std::vector<std::string> proxies{"10.0.0.0/8"};
    const auto said = fields_of({{"X-Forwarded-Proto", "https"}});
    EXPECT_EQ(scheme_of(said, {Scheme::http, "10.1.2.3", proxies}), Scheme::https);
    EXPECT_EQ(scheme_of(said, {Scheme::http, "192.0.2.1", proxies}), Scheme::http);
    EXPECT_EQ(scheme_of(said, {Scheme::http, "10.1.2.3", no_proxies}), Scheme::http);
    EXPECT_EQ(scheme_of(fields_of({}), {Scheme::https, "10.1.2.3", proxies}), Scheme::https);
    EXPECT_EQ(scheme_of(fields_of({{"X-Forwarded-Proto", "http"}}), {Scheme::https, "10.1.2.3", proxies}),
              Scheme::https);
}

TEST(Cookie, IsFoundByItsWholeName) {
    EXPECT_EQ(find_cookie(fields_of({{"Cookie", "a=1; token=x.y.z; b=2"}}), "token"), "x.y.z");
    EXPECT_EQ(find_cookie(fields_of({{"cookie", "a=1"}, {"Cookie", "token=x"}}), "token"), "x");
    EXPECT_FALSE(find_cookie(fields_of({{"Cookie", "xtoken=1; token2=2; Token=3"}}), "token"));
    EXPECT_FALSE(find_cookie(fields_of({{"Cookie", "token"}}), "token"));
    EXPECT_EQ(find_cookie(fields_of({{"Cookie", "token="}}), "token"), "");
    EXPECT_EQ(find_cookie(fields_of({{"Cookie", "token=a=b"}}), "token"), "a=b");
}

TEST(Cookie, APlantedSecondOneMakesBothUseless) {
    EXPECT_FALSE(find_cookie(fields_of({{"Cookie", "token=mine; token=planted"}}), "token"));
    EXPECT_EQ(find_cookie(fields_of({{"Cookie", "token=same; token=same"}}), "token"), "same");
}

} // namespace tollgate::dashboard
