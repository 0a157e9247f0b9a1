#include "tollgate/http/field_name.hpp"

#include "tollgate/http/head.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace tollgate::http {

namespace {

const std::vector<std::pair<std::string, FieldName>> known{
    {"accept", FieldName::accept},
    {"accept-language", FieldName::accept_language},
    {"anthropic-beta", FieldName::anthropic_beta},
    {"anthropic-version", FieldName::anthropic_version},
    {"api-key", FieldName::api_key},
    {"authorization", FieldName::authorization},
    {"connection", FieldName::connection},
    {"content-encoding", FieldName::content_encoding},
    {"content-length", FieldName::content_length},
    {"content-type", FieldName::content_type},
    {"expect", FieldName::expect},
    {"host", FieldName::host},
    {"idempotency-key", FieldName::idempotency_key},
    {"openai-beta", FieldName::openai_beta},
    {"openai-processing-ms", FieldName::openai_processing_ms},
    {"openai-version", FieldName::openai_version},
    {"retry-after", FieldName::retry_after},
    {"retry-after-ms", FieldName::retry_after_ms},
    {"traceparent", FieldName::traceparent},
    {"tracestate", FieldName::tracestate},
    {"transfer-encoding", FieldName::transfer_encoding},
    {"user-agent", FieldName::user_agent},
    {"x-api-key", FieldName::x_api_key},
    {"x-forwarded-for", FieldName::x_forwarded_for},
    {"x-goog-api-key", FieldName::x_goog_api_key},
    {"x-request-id", FieldName::x_request_id},
    {"x-should-retry", FieldName::x_should_retry},
};

/// By comparing with each of them.
FieldName find_plainly(std::string_view name) {
    for (const auto& [text, number] : known)
        if (equals_ignoring_case(text, name)) return number;
    return FieldName::other;
}

} // namespace

TEST(FieldName, IsFoundWhateverTheCaseOfItsLetters) {
    std::size_t numbers = 0;
    for (const auto& [text, number] : known) {
        EXPECT_EQ(static_cast<std::size_t>(number), ++numbers) << "the list here has all of them, in order";
        std::string loud = text;
        for (char& byte : loud) byte = byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 32) : byte;
        EXPECT_EQ(field_name_of(text), number) << text;
        EXPECT_EQ(field_name_of(loud), number) << loud;
    }
}

TEST(FieldName, IsOtherWhereOneByteDiffers) {
    for (const auto& [text, number] : known) {
        for (std::size_t at = 0; at < text.size(); ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string changed = text;
                changed[at] = static_cast<char>(byte);
                ASSERT_EQ(field_name_of(changed), find_plainly(changed)) << changed << " " << at;
            }
            ASSERT_EQ(field_name_of(text.substr(0, at)), find_plainly(text.substr(0, at)))
                << text << " " << at;
            ASSERT_EQ(field_name_of(text.substr(at + 1)), find_plainly(text.substr(at + 1)))
                << text << " " << at;
        }
        EXPECT_EQ(field_name_of(text + "-"), find_plainly(text + "-")) << text;
        EXPECT_EQ(field_name_of(text + "-ms"), find_plainly(text + "-ms")) << text;
    }
}

TEST(FieldName, IsFoundAsByComparingWithEach) {
    std::mt19937 random(11);
    for (int round = 0; round < 200'000; ++round) {
        std::string name = known[random() % known.size()].first;
        for (std::uint32_t edits = random() % 3; edits > 0; --edits) {
            const std::size_t at = random() % name.size();
            const char byte = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_0\r"[random() % 56];
            switch (random() % 3) {
            case 0: name[at] = byte; break;
            case 1: name.insert(at, 1, byte); break;
            default: name.erase(at, 1); break;
            }
            if (name.empty()) name = "x";
        }
        ASSERT_EQ(field_name_of(name), find_plainly(name)) << name;
    }
}

TEST(FieldNames, HoldWhatWasAdded) {
    FieldNames names(FieldName::accept, FieldName::x_should_retry);
    EXPECT_TRUE(names.has(FieldName::accept) && names.has(FieldName::x_should_retry));
    EXPECT_FALSE(names.has(FieldName::other) || names.has(FieldName::host));
    names.add(FieldName::host);
    EXPECT_TRUE(names.has(FieldName::host));
    EXPECT_FALSE(FieldNames().has(FieldName::other));
}

TEST(Fields, FindAKnownNameAsTheyFindItsText) {
    Fields fields;
    fields.add({"Accept", "a"});
    fields.add({"X-Odd", "b"});
    fields.add({"accept", "c"});
    EXPECT_EQ(fields.find(FieldName::accept), "a");
    EXPECT_EQ(fields.find("ACCEPT"), "a");
    EXPECT_TRUE(fields.has(FieldName::accept) && fields.has(FieldName::other));
    EXPECT_FALSE(fields.has(FieldName::host));
    EXPECT_EQ(fields.find(FieldName::host).data(), nullptr);
}

} // namespace tollgate::http
