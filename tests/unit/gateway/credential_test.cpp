#include "gateway/credential.hpp"

#include <gtest/gtest.h>

namespace tollgate::gateway {
namespace {

using base::ErrorCode;

const std::string key = "sk-" + std::string(64, 'a');
const std::string other = "sk-" + std::string(64, 'b');

struct Sent {
    std::string name;
    std::string value;
};

base::Result<std::string_view> find_in(const std::vector<Sent>& sent) {
    http::Fields fields;
    for (const Sent& field : sent) fields.add({field.name, field.value});
    return find_credential(fields);
}

TEST(Credential, IsFoundInEveryFieldThatClientsUse) {
    const std::vector<std::vector<Sent>> forms{
        {{"Authorization", "Bearer " + key}},
        {{"authorization", "bearer " + key}},
        {{"AUTHORIZATION", "BEARER    " + key}},
        {{"x-api-key", key}},
        {{"X-Api-Key", key}},
        {{"api-key", key}},
        {{"x-goog-api-key", key}},
        {{"host", "x"}, {"accept", "*/*"}, {"api-key", key}, {"content-length", "0"}},
        {{"authorization", "Basic dXNlcjpwYXNz"}, {"x-api-key", key}},
        {{"authorization", "Bearer "}, {"x-api-key", key}},
        {{"authorization", "Bearer " + key}, {"x-api-key", key}, {"api-key", key}},
        {{"authorization", "Bearer " + key}, {"authorization", "Bearer " + key}},
    };
    for (const auto& form : forms) {
        const auto found = find_in(form);
        ASSERT_TRUE(found) << form.front().name << ": " << form.front().value;
        EXPECT_EQ(*found, key);
    }
}

TEST(Credential, IsMissingWhereNoFieldHoldsOne) {
    const std::vector<std::vector<Sent>> forms{
        {},
        {{"authorization", ""}},
        {{"authorization", "Bearer"}},
        {{"authorization", "Bearer    "}},
        {{"authorization", key}},
        {{"authorization", "Bearer:" + key}},
        {{"authorization", "Token " + key}},
        {{"x-api-key", ""}},
        {{"cookie", "x-api-key=" + key}},
        {{"x-api-keys", key}},
    };
    for (const auto& form : forms) {
        const auto found = find_in(form);
        ASSERT_FALSE(found) << *found;
        EXPECT_EQ(found.error().code, ErrorCode::missing_key);
        EXPECT_EQ(found.error().source, base::ErrorSource::client);
    }
}

TEST(Credential, IsAmbiguousWhenTwoFieldsDiffer) {
    const std::vector<std::vector<Sent>> forms{
        {{"authorization", "Bearer " + key}, {"x-api-key", other}},
        {{"x-api-key", key}, {"api-key", other}},
        {{"x-goog-api-key", other}, {"authorization", "Bearer " + key}},
        {{"authorization", "Bearer " + key}, {"authorization", "Bearer " + other}},
        {{"x-api-key", key}, {"x-api-key", key}, {"x-api-key", other}},
        {{"x-api-key", "no key at all"}, {"authorization", "Bearer " + key}},
    };
    for (const auto& form : forms) {
        const auto found = find_in(form);
        ASSERT_FALSE(found);
        EXPECT_EQ(found.error().code, ErrorCode::ambiguous_credential);
    }
}

TEST(Credential, MustHaveTheFormOfAKey) {
    for (const std::string& bad :
         {std::string("sk-"), key + "0", key.substr(0, 66), "pk-" + std::string(64, 'a'),
          "sk-" + std::string(64, 'A'), key.substr(0, 66) + " ", "Bearer " + key, key + "," + key}) {
        const auto found = find_in({{"authorization", "Bearer " + bad}});
        ASSERT_FALSE(found) << bad;
        EXPECT_EQ(found.error().code, ErrorCode::invalid_key);
    }
}

TEST(Credential, IsNeverQuotedInAnError) {
    const std::string secret = "sk-" + std::string(63, 'f');
    for (const auto& form : std::vector<std::vector<Sent>>{
             {{"api-key", secret}}, {{"api-key", secret}, {"x-api-key", secret + "0"}}}) {
        const auto found = find_in(form);
        ASSERT_FALSE(found);
        EXPECT_EQ(found.error().message.find(secret), std::string::npos);
    }
}

} // namespace
} // namespace tollgate::gateway
