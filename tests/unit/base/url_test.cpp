#include "tollgate/base/url.hpp"

#include <gtest/gtest.h>

using tollgate::base::Url;
using tollgate::base::UrlScheme;

TEST(Url, ReadsSchemeHostPortAndPath) {
    struct Row {
        std::string_view text;
        Url expected;
    };
    for (const Row& row : {
             Row{"https://api.openai.com/v1", {UrlScheme::https, "api.openai.com", 443, "/v1"}},
             Row{"https://API.OpenAI.com/v1/", {UrlScheme::https, "api.openai.com", 443, "/v1"}},
             Row{"http://127.0.0.1:8099", {UrlScheme::http, "127.0.0.1", 8099, ""}},
             Row{"http://localhost/", {UrlScheme::http, "localhost", 80, ""}},
             Row{"http://[::1]:8080/a/b", {UrlScheme::http, "::1", 8080, "/a/b"}},
             Row{"https://[2001:db8::1]", {UrlScheme::https, "2001:db8::1", 443, ""}},
         }) {
        const auto url = Url::parse(row.text);
        ASSERT_TRUE(url.has_value()) << row.text;
        EXPECT_EQ(*url, row.expected) << row.text;
    }
}

TEST(Url, RefusesEverythingElse) {
    for (const std::string_view text : {"",
                                        "api.openai.com",
                                        "ftp://host",
                                        "https://",
                                        "https:///v1",
                                        "https://user:pw@host/",
                                        "https://host:",
                                        "https://host:0",
                                        "https://host:65536",
                                        "https://host:8a",
                                        "https://[::1",
                                        "https://[::1]8080",
                                        "https://[host]",
                                        "https://host/?a=b",
                                        "https://host/#x",
                                        "https://ho st/",
                                        "https://host/\r\n",
                                        "https://h\xc3\xb6st/",
                                        "HTTPS://host",
                                        "https://::1/"}) {
        EXPECT_FALSE(Url::parse(text).has_value()) << text;
    }
}

TEST(Url, NeverQuotesACredentialInItsError) {
    const auto url = Url::parse("https://user:hunter2@host/");
    ASSERT_FALSE(url.has_value());
    EXPECT_EQ(url.error().message.find("hunter2"), std::string::npos);
}

TEST(Url, WritesTheHostHeaderAndTheWholeText) {
    EXPECT_EQ(Url::parse("https://api.openai.com:443/v1")->authority(), "api.openai.com");
    EXPECT_EQ(Url::parse("http://[::1]:8080")->authority(), "[::1]:8080");
    for (const std::string_view text :
         {"https://api.openai.com/v1", "http://[::1]:8080/a", "http://host:443"}) {
        EXPECT_EQ(to_string(*Url::parse(text)), text);
    }
}
