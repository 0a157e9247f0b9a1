#include "tollgate/http/header_rules.hpp"

#include <gtest/gtest.h>

namespace tollgate::http {

TEST(HeaderRules, LetTheListedClientFieldsGoUpstream) {
    for (const char* name : {"accept", "content-type", "user-agent", "openai-beta", "anthropic-version",
                             "anthropic-beta", "idempotency-key", "traceparent", "tracestate",
                             "accept-language", "Content-Type", "ACCEPT", "OpenAI-Beta"}) {
        EXPECT_TRUE(may_go_upstream(field_name_of(name))) << name;
    }
}

TEST(HeaderRules, KeepEverythingElseOfTheClientHere) {
    for (const char* name : {"",
                             "authorization",
                             "Authorization",
                             "x-api-key",
                             "api-key",
                             "x-goog-api-key",
                             "proxy-authorization",
                             "cookie",
                             "connection",
                             "keep-alive",
                             "te",
                             "trailer",
                             "transfer-encoding",
                             "content-length",
                             "upgrade",
                             "expect",
                             "host",
                             "content-encoding",
                             "accept-encoding",
                             "x-forwarded-for",
                             "forwarded",
                             "openai-organization",
                             "openai-project",
                             "x-stainless-lang",
                             "x_api_key",
                             "content_type",
                             "user_agent",
                             "accept ",
                             "accept-x",
                             "x-request-id",
                             "origin",
                             "referer"}) {
        EXPECT_FALSE(may_go_upstream(field_name_of(name))) << name;
    }
}

TEST(HeaderRules, LetOnlyListsRepeat) {
    for (const char* name : {"accept", "Accept-Language", "openai-beta", "anthropic-beta", "tracestate"})
        EXPECT_TRUE(may_repeat(field_name_of(name)) && may_go_upstream(field_name_of(name))) << name;
    for (const char* name :
         {"content-type", "user-agent", "idempotency-key", "traceparent", "anthropic-version", "host", ""})
        EXPECT_FALSE(may_repeat(field_name_of(name))) << name;
}

TEST(HeaderRules, LetTheListedProviderFieldsGoToTheClient) {
    for (const char* name : {"content-type", "retry-after", "retry-after-ms", "x-should-retry",
                             "openai-processing-ms", "openai-version", "Content-Type", "Retry-After"}) {
        EXPECT_TRUE(may_go_to_client(field_name_of(name))) << name;
    }
}

TEST(HeaderRules, KeepEverythingElseOfTheProviderHere) {
    for (const char* name : {"",
                             "set-cookie",
                             "Set-Cookie",
                             "access-control-allow-origin",
                             "location",
                             "alt-svc",
                             "openai-organization",
                             "openai-project",
                             "anthropic-organization-id",
                             "x-request-id",
                             "content-length",
                             "transfer-encoding",
                             "connection",
                             "content-encoding",
                             "server",
                             "via",
                             "date",
                             "strict-transport-security",
                             "cf-ray",
                             "x-ratelimit-limit-requests",
                             "www-authenticate",
                             "trailer",
                             "retry_after"}) {
        EXPECT_FALSE(may_go_to_client(field_name_of(name))) << name;
    }
}

TEST(HeaderRules, SeeWhichFieldsTheConnectionFieldNominates) {
    Fields fields;
    fields.add({"Connection", "keep-alive , OpenAI-Beta"});
    fields.add({"connection", "traceparent"});
    fields.add({"x-connection", "accept"});
    EXPECT_TRUE(is_nominated(fields, "openai-beta"));
    EXPECT_TRUE(is_nominated(fields, "TraceParent"));
    EXPECT_FALSE(is_nominated(fields, "accept"));
    EXPECT_FALSE(is_nominated(fields, "openai"));
    EXPECT_FALSE(is_nominated(Fields{}, "accept"));
}

} // namespace tollgate::http
