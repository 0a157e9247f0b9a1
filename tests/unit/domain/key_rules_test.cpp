#include "tollgate/domain/key.hpp"

#include <gtest/gtest.h>
#include <random>

namespace tollgate::domain {

namespace {

constexpr std::uint32_t max_rate = 10'000;

ApiKey good_key() {
    ApiKey key;
    key.name = "build server";
    return key;
}

/// The field that validate_key finds fault with; empty: none.
std::string fault_of(const ApiKey& key) {
    const auto checked = validate_key(key, max_rate);
    if (checked) return {};
    EXPECT_EQ(checked.error().code, base::ErrorCode::invalid_field);
    EXPECT_TRUE(checked.error().message.starts_with(checked.error().param)) << checked.error().message;
    return checked.error().param;
}

template <class Change>
std::string fault_after(Change change) {
    ApiKey key = good_key();
    change(key);
    return fault_of(key);
}

/// What a pattern means, written without regard to time.
bool matches_by_definition(std::string_view pattern, std::string_view model) {
    if (pattern.empty()) return model.empty();
    if (pattern[0] != '*') {
        return !model.empty() && pattern[0] == model[0] &&
               matches_by_definition(pattern.substr(1), model.substr(1));
    }
    for (std::size_t taken = 0; taken <= model.size(); ++taken) {
        if (matches_by_definition(pattern.substr(1), model.substr(taken))) return true;
    }
    return false;
}

std::string random_text(std::mt19937& random, std::string_view alphabet) {
    std::string text(random() % 8, ' ');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    return text;
}

} // namespace

TEST(KeyRules, AStarStandsForAnyRunOfCharacters) {
    EXPECT_TRUE(matches_pattern("gpt-4o", "gpt-4o"));
    EXPECT_FALSE(matches_pattern("gpt-4o", "gpt-4o-mini"));
    EXPECT_TRUE(matches_pattern("gpt-4o*", "gpt-4o"));
    EXPECT_TRUE(matches_pattern("gpt-*", "gpt-4o-mini"));
    EXPECT_TRUE(matches_pattern("anthropic/*", "anthropic/claude-sonnet"));
    EXPECT_FALSE(matches_pattern("anthropic/*", "claude-sonnet"));
    EXPECT_TRUE(matches_pattern("*-mini", "gpt-4o-mini"));
    EXPECT_FALSE(matches_pattern("*-mini", "gpt-4o-mini-2024"));
    EXPECT_TRUE(matches_pattern("*", ""));
    EXPECT_FALSE(matches_pattern("", "x"));
    EXPECT_FALSE(matches_pattern("a*a", "a"));
    EXPECT_FALSE(matches_pattern("gpt.4o", "gpt-4o"));
    EXPECT_FALSE(matches_pattern("GPT-*", "gpt-4o"));
}

TEST(KeyRules, PatternsMeanWhatTheirDefinitionSays) {
    std::mt19937 random(7);
    for (int i = 0; i < 50'000; ++i) {
        const std::string pattern = random_text(random, "ab**");
        const std::string model = random_text(random, "ab");
        ASSERT_EQ(matches_pattern(pattern, model), matches_by_definition(pattern, model))
            << "'" << pattern << "' '" << model << "'";
    }
}

TEST(KeyRules, AnOverlongModelNameMatchesNothing) {
    EXPECT_TRUE(matches_pattern("*", std::string(256, 'a')));
    EXPECT_FALSE(matches_pattern("*", std::string(257, 'a')));
}

TEST(KeyRules, NoPatternsAllowEveryModel) {
    Policy policy;
    EXPECT_TRUE(is_model_allowed(policy, "gpt-4o"));
    policy.models = {"claude-*", "gpt-4o"};
    EXPECT_TRUE(is_model_allowed(policy, "gpt-4o"));
    EXPECT_TRUE(is_model_allowed(policy, "claude-opus"));
    EXPECT_FALSE(is_model_allowed(policy, "gpt-4o-mini"));
}

TEST(KeyRules, NoBlocksAllowEveryAddress) {
    Policy policy;
    EXPECT_TRUE(is_address_allowed(policy, "203.0.113.9"));
    EXPECT_TRUE(is_address_allowed(policy, ""));
    policy.ip_allow = {"10.0.0.0/8", "2001:db8::/32"};
    EXPECT_TRUE(is_address_allowed(policy, "10.9.8.7"));
    EXPECT_TRUE(is_address_allowed(policy, "::ffff:10.9.8.7"));
    EXPECT_TRUE(is_address_allowed(policy, "2001:db8::5"));
    EXPECT_FALSE(is_address_allowed(policy, "203.0.113.9"));
    EXPECT_FALSE(is_address_allowed(policy, ""));
    EXPECT_FALSE(is_address_allowed(policy, "10.9.8"));
    EXPECT_FALSE(is_address_allowed(policy, "unix:"));
}

TEST(KeyRules, AnUnreadableBlockAllowsNobody) {
    Policy policy;
    policy.ip_allow = {"not a block"};
    EXPECT_FALSE(is_address_allowed(policy, "10.9.8.7"));
}

TEST(KeyRules, TheNameHasOneToAHundredCharacters) {
    const std::string hundred_keys = [] {
        std::string text;
        for (int i = 0; i < 100; ++i) text += "\xF0\x9F\x94\x91";
        return text;
    }();
    EXPECT_EQ(fault_after([](ApiKey& key) { key.name = ""; }), "name");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.name = "x"; }), "");
    EXPECT_EQ(fault_after([&](ApiKey& key) { key.name = hundred_keys; }), "");
    EXPECT_EQ(fault_after([&](ApiKey& key) { key.name = hundred_keys + "x"; }), "name");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.name = "a\nb"; }), "name");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.name = "a\xFF"; }), "name");
}

TEST(KeyRules, LimitsHaveTheirRanges) {
    EXPECT_EQ(fault_after([](ApiKey& key) { key.policy.rate_limit = 0; }), "rate_limit");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.policy.rate_limit = 1; }), "");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.policy.rate_limit = max_rate; }), "");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.policy.rate_limit = max_rate + 1; }), "rate_limit");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.policy.token_limit = 0; }), "token_limit");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.policy.token_limit = 1; }), "");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.policy.token_limit = UINT64_MAX; }), "token_limit");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.policy.concurrency = 0; }), "concurrency");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.policy.concurrency = 1; }), "");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.policy.budget = base::Money(); }), "");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.policy.budget = base::Money::of_micros(-1); }), "budget");
}

TEST(KeyRules, ListsHoldGoodEntriesOnly) {
    EXPECT_EQ(fault_after([](ApiKey& key) { key.policy.models = {"gpt-*", ""}; }), "models");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.policy.models = {std::string(129, 'a')}; }), "models");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.policy.models = {std::string(128, 'a')}; }), "");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.policy.models.assign(101, "a"); }), "models");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.policy.ip_allow = {"10.0.0.0/8", "10.0.0.0/40"}; }),
              "ip_allow");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.policy.ip_allow = {"10.0.0.0/8", "::1"}; }), "");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.policy.ip_allow.assign(101, "::1"); }), "ip_allow");
}

TEST(KeyRules, MetadataIsBounded) {
    EXPECT_EQ(
        fault_after([](ApiKey& key) { key.metadata = {{std::string(64, 'n'), std::string(512, 'v')}}; }), "");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.metadata = {{std::string(65, 'n'), "v"}}; }), "metadata");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.metadata = {{"n", std::string(513, 'v')}}; }), "metadata");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.metadata = {{"", "v"}}; }), "metadata");
    EXPECT_EQ(fault_after([](ApiKey& key) { key.metadata = {{"n", ""}}; }), "");
    EXPECT_EQ(fault_after([](ApiKey& key) {
                  for (int i = 0; i < 16; ++i) key.metadata[std::to_string(i)] = "v";
              }),
              "");
    EXPECT_EQ(fault_after([](ApiKey& key) {
                  for (int i = 0; i < 17; ++i) key.metadata[std::to_string(i)] = "v";
              }),
              "metadata");
}

} // namespace tollgate::domain
