#include "tollgate/domain/routing.hpp"

#include <gtest/gtest.h>

namespace tollgate::domain {
namespace {

using base::ErrorCode;

RoutingRules all_providers() {
    return {.providers = {"openai", "anthropic", "google", "deepseek", "mistral", "xai", "local"}};
}

/// "provider/model, provider/model", or the reason for which there is no route.
std::string routed(const Router& router, std::string_view model) {
    const auto route = router.route(model);
    if (!route) return std::string(to_string(route.error().code));
    std::string text;
    for (const Target& target : route->targets) {
        if (!text.empty()) text += ", ";
        text += router.rules().providers[target.provider] + "/" + target.model;
    }
    return text;
}

} // namespace

TEST(Routing, BareNamesBelongToWhoeverMakesThem) {
    const Router router(all_providers());
    for (const auto& [model, provider] :
         std::initializer_list<std::pair<const char*, const char*>>{{"gpt-4o", "openai"},
                                                                    {"o1-mini", "openai"},
                                                                    {"o3", "openai"},
                                                                    {"o4-mini", "openai"},
                                                                    {"chatgpt-4o", "openai"},
                                                                    {"text-embedding-3-small", "openai"},
                                                                    {"dall-e-3", "openai"},
                                                                    {"gpt-image-1", "openai"},
                                                                    {"tts-1", "openai"},
                                                                    {"whisper-1", "openai"},
                                                                    {"claude-x", "anthropic"},
                                                                    {"gemini-2.5-pro", "google"},
                                                                    {"deepseek-chat", "deepseek"},
                                                                    {"mistral-small", "mistral"},
                                                                    {"mixtral-8x7b", "mistral"},
                                                                    {"codestral-22b", "mistral"},
                                                                    {"grok-3", "xai"}}) {
        EXPECT_EQ(routed(router, model), std::string(provider) + "/" + model);
        EXPECT_EQ(provider_of_name(model), provider);
    }
}

TEST(Routing, APrefixIsTakenOffAndOverrulesTheName) {
    const Router router(all_providers());
    EXPECT_EQ(routed(router, "openai/gpt-4o"), "openai/gpt-4o");
    EXPECT_EQ(routed(router, "local/gpt-4o"), "local/gpt-4o");
    EXPECT_EQ(routed(router, "local/org/model"), "local/org/model");
    EXPECT_EQ(routed(router, "xai/anthropic/claude-x"), "xai/anthropic/claude-x");
}

TEST(Routing, WhatNothingClaimsIsUnknownWithoutAPool) {
    const Router router(all_providers());
    for (const char* model : {"", "llama-3", "GPT-4o", "org/llama-3", "/", "local", "local/"}) {
        EXPECT_EQ(routed(router, model), "unknown_model") << model;
    }
    EXPECT_EQ(router.route("llama-3").error().param, "model");
}

TEST(Routing, ThePoolTakesWhatNothingElseClaims) {
    RoutingRules rules = all_providers();
    rules.pool = "local";
    const Router router(std::move(rules));
    EXPECT_EQ(routed(router, "llama-3"), "local/llama-3");
    EXPECT_EQ(routed(router, "org/llama-3"), "local/org/llama-3");
    EXPECT_EQ(routed(router, "gpt-4o"), "openai/gpt-4o");
}

TEST(Routing, AKnownProviderThatIsNotConfiguredIsNamed) {
    const Router router(RoutingRules{.providers = {"openai"}});
    EXPECT_EQ(routed(router, "anthropic/claude-x"), "no_provider");
    EXPECT_EQ(routed(router, "claude-x"), "no_provider");
    EXPECT_NE(router.route("claude-x").error().message.find("anthropic"), std::string::npos);
}

TEST(Routing, ThePoolTakesBareNamesOfProvidersThatAreNotConfiguredButNotTheirPrefixes) {
    const Router router(RoutingRules{.providers = {"local"}, .pool = "local"});
    EXPECT_EQ(routed(router, "gpt-4o"), "local/gpt-4o");
    EXPECT_EQ(routed(router, "openai/gpt-4o"), "no_provider");
}

TEST(Routing, AliasesComeBeforeEverythingElse) {
    RoutingRules rules = all_providers();
    rules.aliases = {{"fast", "openai/gpt-4o-mini"}, {"gpt-4o", "local/llama-3"}, {"bare", "claude-x"}};
    const Router router(std::move(rules));
    EXPECT_EQ(routed(router, "fast"), "openai/gpt-4o-mini");
    EXPECT_EQ(routed(router, "gpt-4o"), "local/llama-3");
    EXPECT_EQ(routed(router, "bare"), "anthropic/claude-x");
}

TEST(Routing, AnAliasIsFollowedOnce) {
    RoutingRules rules = all_providers();
    rules.aliases = {{"a", "b"}, {"b", "a"}};
    EXPECT_EQ(routed(Router(std::move(rules)), "a"), "unknown_model");
}

TEST(Routing, FallbacksFollowInOrderHoweverTheModelWasNamed) {
    RoutingRules rules = all_providers();
    rules.aliases = {{"fast", "openai/gpt-4o"}};
    rules.fallbacks = {{"openai/gpt-4o", {"anthropic/claude-x", "gemini-2.5-pro"}}};
    const Router router(std::move(rules));
    const std::string want = "openai/gpt-4o, anthropic/claude-x, google/gemini-2.5-pro";
    for (const char* model : {"openai/gpt-4o", "gpt-4o", "fast"}) EXPECT_EQ(routed(router, model), want);
    EXPECT_EQ(routed(router, "gpt-4o-mini"), "openai/gpt-4o-mini");
}

TEST(Routing, FallbacksThatNobodyServesAreLeftOut) {
    RoutingRules rules{.providers = {"openai", "local"}};
    rules.fallbacks = {{"openai/gpt-4o", {"anthropic/claude-x", "local/llama-3"}}};
    EXPECT_EQ(routed(Router(std::move(rules)), "gpt-4o"), "openai/gpt-4o, local/llama-3");
}

} // namespace tollgate::domain
