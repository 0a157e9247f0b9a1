#include "tollgate/http/error_response.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tollgate::http {

using base::Error;
using base::ErrorCode;

TEST(ErrorResponse, HasTheStatusAndTypeOfTheContract) {
    struct Row {
        ErrorCode code;
        int status;
        std::string_view type;
    };
    for (const Row& row : {Row{ErrorCode::malformed_request, 400, "invalid_request_error"},
                           Row{ErrorCode::malformed_json, 400, "invalid_request_error"},
                           Row{ErrorCode::missing_field, 400, "invalid_request_error"},
                           Row{ErrorCode::invalid_field, 400, "invalid_request_error"},
                           Row{ErrorCode::ambiguous_credential, 400, "invalid_request_error"},
                           Row{ErrorCode::unpriced_model, 400, "invalid_request_error"},
                           Row{ErrorCode::missing_key, 401, "authentication_error"},
                           Row{ErrorCode::invalid_key, 401, "authentication_error"},
                           Row{ErrorCode::revoked_key, 401, "authentication_error"},
                           Row{ErrorCode::disabled_key, 401, "authentication_error"},
                           Row{ErrorCode::budget_exceeded, 402, "insufficient_funds"},
                           Row{ErrorCode::wallet_empty, 402, "insufficient_funds"},
                           Row{ErrorCode::expired_key, 403, "forbidden"},
                           Row{ErrorCode::account_disabled, 403, "forbidden"},
                           Row{ErrorCode::model_not_allowed, 403, "forbidden"},
                           Row{ErrorCode::address_not_allowed, 403, "forbidden"},
                           Row{ErrorCode::unknown_path, 404, "not_found_error"},
                           Row{ErrorCode::unknown_model, 404, "not_found_error"},
                           Row{ErrorCode::method_not_allowed, 405, "invalid_request_error"},
                           Row{ErrorCode::request_timeout, 408, "invalid_request_error"},
                           Row{ErrorCode::conflict, 409, "invalid_request_error"},
                           Row{ErrorCode::length_required, 411, "invalid_request_error"},
                           Row{ErrorCode::request_too_large, 413, "request_too_large"},
                           Row{ErrorCode::unsupported_media_type, 415, "invalid_request_error"},
                           Row{ErrorCode::expectation_failed, 417, "invalid_request_error"},
                           Row{ErrorCode::head_too_large, 431, "invalid_request_error"},
                           Row{ErrorCode::not_implemented, 501, "invalid_request_error"},
                           Row{ErrorCode::version_not_supported, 505, "invalid_request_error"},
                           Row{ErrorCode::requests_per_minute, 429, "rate_limit_error"},
                           Row{ErrorCode::tokens_per_minute, 429, "rate_limit_error"},
                           Row{ErrorCode::concurrency, 429, "rate_limit_error"},
                           Row{ErrorCode::budget_reserved, 429, "rate_limit_error"},
                           Row{ErrorCode::internal, 500, "internal_server_error"},
                           Row{ErrorCode::all_providers_failed, 502, "upstream_error"},
                           Row{ErrorCode::invalid_response, 502, "upstream_error"},
                           Row{ErrorCode::no_provider, 503, "service_unavailable"},
                           Row{ErrorCode::storage_unavailable, 503, "service_unavailable"},
                           Row{ErrorCode::overloaded, 503, "service_unavailable"},
                           Row{ErrorCode::draining, 503, "service_unavailable"},
                           Row{ErrorCode::connect_timeout, 504, "gateway_timeout"},
                           Row{ErrorCode::first_byte_timeout, 504, "gateway_timeout"},
                           Row{ErrorCode::idle_timeout, 504, "gateway_timeout"},
                           Row{ErrorCode::total_timeout, 504, "gateway_timeout"},
                           Row{ErrorCode::not_found, 404, "not_found_error"},
                           Row{ErrorCode::already_exists, 409, "invalid_request_error"}}) {
        EXPECT_EQ(status_of(row.code), row.status) << to_string(row.code);
        EXPECT_EQ(type_of(row.code), row.type) << to_string(row.code);
    }
}

TEST(ErrorResponse, EveryCodeIsAnErrorWithAKnownPhrase) {
    for (int code = 0; code <= static_cast<int>(ErrorCode::already_exists); ++code) {
        const int status = status_of(static_cast<ErrorCode>(code));
        EXPECT_GE(status, 400) << code;
        EXPECT_NE(reason_phrase(status), "Unknown") << status;
    }
}

TEST(ErrorResponse, WritesTheBodyOfTheContract) {
    const Error error{.code = ErrorCode::invalid_field, .message = "n must be 1 to 128.", .param = "n"};
    EXPECT_EQ(error_body(error),
              R"({"error":{"message":"n must be 1 to 128.","type":"invalid_request_error",)"
              R"("param":"n","code":400,"reason":"invalid_field"}})");
}

TEST(ErrorResponse, WritesNullForNoParamAndAPhraseForNoMessage) {
    EXPECT_EQ(error_body(Error{.code = ErrorCode::draining}),
              R"({"error":{"message":"Service Unavailable","type":"service_unavailable","param":null,)"
              R"("code":503,"reason":"draining"}})");
}

TEST(ErrorResponse, IsValidJsonForAnyBytes) {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) bytes.push_back(static_cast<char>(byte));
    const auto body = nlohmann::json::parse(error_body(Error{.message = bytes, .param = bytes}));
    EXPECT_EQ(body["error"]["message"].get<std::string>().substr(0, 128), bytes.substr(0, 128));
    const std::string quoted = "a \"quoted\" \\ line\r\n\xE2\x80\xA8";
    EXPECT_EQ(nlohmann::json::parse(error_body(Error{.message = quoted}))["error"]["message"], quoted);
}

TEST(ErrorEvent, IsOneEventOfOneDataLine) {
    const std::string event = error_event(Error{.code = ErrorCode::idle_timeout, .message = "a\n\nb\rc"});
    ASSERT_TRUE(event.starts_with("data: {"));
    ASSERT_TRUE(event.ends_with("}\n\n"));
    EXPECT_EQ(event.find_first_of("\r\n"), event.size() - 2);
    EXPECT_EQ(nlohmann::json::parse(event.substr(6))["error"]["code"], 504);
}

TEST(RetryAfter, IsAWholeSecondFromOneToSixtyRoundedUp) {
    using std::chrono::milliseconds;
    const auto seconds = [](milliseconds wait) { return retry_after_seconds(Error{.retry_after = wait}); };
    EXPECT_EQ(retry_after_seconds(Error{}), std::nullopt);
    EXPECT_EQ(seconds(milliseconds(-5)), 1);
    EXPECT_EQ(seconds(milliseconds(0)), 1);
    EXPECT_EQ(seconds(milliseconds(1)), 1);
    EXPECT_EQ(seconds(milliseconds(1000)), 1);
    EXPECT_EQ(seconds(milliseconds(1001)), 2);
    EXPECT_EQ(seconds(milliseconds(59'001)), 60);
    EXPECT_EQ(seconds(milliseconds(3'600'000)), 60);
    EXPECT_EQ(seconds(milliseconds::max()), 60);
    EXPECT_EQ(seconds(milliseconds::min()), 1);
}

TEST(ReasonPhrase, NamesWhatTheStandardsName) {
    EXPECT_EQ(reason_phrase(200), "OK");
    EXPECT_EQ(reason_phrase(404), "Not Found");
    EXPECT_EQ(reason_phrase(413), "Content Too Large");
    EXPECT_EQ(reason_phrase(429), "Too Many Requests");
    EXPECT_EQ(reason_phrase(529), "Unknown");
    EXPECT_EQ(reason_phrase(0), "Unknown");
    EXPECT_EQ(reason_phrase(-1), "Unknown");
}

} // namespace tollgate::http
