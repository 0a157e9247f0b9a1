#include "unit/config/settings.hpp"

#include <gtest/gtest.h>

namespace tollgate::config {

using testing::environment_of;
using testing::faults_of;
using testing::load;
using testing::Texts;

TEST(DefaultProviders, AreThoseWhoseKeyIsInTheEnvironment) {
    EXPECT_TRUE(default_config(environment_of({})).providers.empty());
    EXPECT_TRUE(default_config(environment_of({{"OPENAI_API_KEY", ""}})).providers.empty());

    const Config config = default_config(environment_of({{"OPENAI_API_KEY", "o"},
                                                         {"ANTHROPIC_API_KEY", "a"},
                                                         {"GOOGLE_API_KEY", "g"},
                                                         {"DEEPSEEK_API_KEY", "d"},
                                                         {"MISTRAL_API_KEY", "m"},
                                                         {"XAI_API_KEY", "x"}}));
    ASSERT_EQ(config.providers.size(), 6U);
    EXPECT_EQ(to_string(config.providers.at("openai").base_url), "https://api.openai.com/v1");
    EXPECT_EQ(config.providers.at("anthropic").protocol, Protocol::anthropic);
    EXPECT_EQ(to_string(config.providers.at("google").base_url),
              "https://generativelanguage.googleapis.com/v1beta/openai");
    EXPECT_EQ(config.providers.at("xai").keys.at(0).expose(), "x");
}

TEST(DefaultProviders, PreferGeminisVariableOverGooglesOlderOne) {
    const Texts variables{{"GEMINI_API_KEY", "new"}, {"GOOGLE_API_KEY", "old"}};
    const Config config = default_config(environment_of(variables));
    EXPECT_EQ(config.providers.at("google").keys.at(0).expose(), "new");
}

TEST(DefaultProviders, ApplyToAFileThatNamesNone) {
    EXPECT_TRUE(load("server: {workers: 1}", {{"XAI_API_KEY", "x"}}).config.providers.contains("xai"));
    EXPECT_TRUE(load("providers: {}", {{"XAI_API_KEY", "x"}}).config.providers.empty());
    EXPECT_FALSE(load("providers: {a: {base_url: 'http://a'}}", {{"XAI_API_KEY", "x"}})
                     .config.providers.contains("xai"));
}

TEST(DefaultConfig, TakesTheSessionSecretFromTheEnvironment) {
    const Texts variables{{"TOLLGATE_SESSION_SECRET", "0123456789abcdef"}};
    EXPECT_EQ(default_config(environment_of(variables)).accounts.session_secret.expose(), "0123456789abcdef");
    EXPECT_EQ(load("", variables).config.accounts.session_secret.expose(), "0123456789abcdef");
}

TEST(Provider, OfAKnownNameNeedsNothingButItsKey) {
    const auto loaded = load("providers: {anthropic: {keys: [k]}}");
    ASSERT_TRUE(loaded.faults.empty());
    const Provider& provider = loaded.config.providers.at("anthropic");
    EXPECT_EQ(provider.protocol, Protocol::anthropic);
    EXPECT_EQ(provider.base_url.host, "api.anthropic.com");
}

TEST(Provider, OfAKnownNameTakesItsKeyFromTheEnvironment) {
    const std::string_view text = "providers:\n  openai: {attempts: 2}";
    const auto loaded = load(text, {{"OPENAI_API_KEY", "k"}});
    ASSERT_TRUE(loaded.faults.empty());
    EXPECT_EQ(loaded.config.providers.at("openai").keys.at(0).expose(), "k");
    EXPECT_EQ(faults_of(text), "f: providers.openai.keys: is not set, and neither is OPENAI_API_KEY\n");
}

TEST(Provider, NeverSendsTheEnvironmentsKeyToAnAddressOfTheFile) {
    const auto loaded =
        load("providers: {openai: {base_url: 'http://127.0.0.1:1/v1'}}", {{"OPENAI_API_KEY", "k"}});
    EXPECT_TRUE(loaded.faults.empty());
    EXPECT_TRUE(loaded.config.providers.at("openai").keys.empty());
}

TEST(Provider, OfAnotherNameNeedsAnAddress) {
    EXPECT_EQ(faults_of("providers:\n  mine: {keys: [k]}"),
              "f: providers.mine.base_url: is needed: no provider of this name is built in\n");
}

TEST(Provider, WithoutKeysIsCalledWithoutACredential) {
    const auto loaded = load("providers: {local: {base_url: 'http://127.0.0.1:11434/v1', keys: []}}");
    EXPECT_TRUE(loaded.faults.empty());
    EXPECT_TRUE(loaded.config.providers.at("local").keys.empty());
}

TEST(Provider, IsLeftOutWhenItsOptionalKeyIsAbsent) {
    const std::string_view text = R"(
providers: {openai: {keys: ["${A:-}"]}, xai: {keys: ["${A:-}", "k"]}}
routing: {pool: openai}
)";
    const auto loaded = load(text);
    EXPECT_EQ(faults_of(text), "") << "routing may name a provider that is only left out";
    EXPECT_FALSE(loaded.config.providers.contains("openai"));
    EXPECT_EQ(loaded.config.providers.at("xai").keys.size(), 1U);
    EXPECT_TRUE(load(text, {{"A", "k"}}).config.providers.contains("openai"));
}

TEST(Provider, RefusesAKeyThatIsMissingOrEmpty) {
    const std::string_view text = "providers:\n  openai:\n    keys: [\"${OPENAI_API_KEY}\"]";
    EXPECT_EQ(faults_of(text),
              "f:3: providers.openai.keys[0]: the environment variable OPENAI_API_KEY is not set "
              "(${OPENAI_API_KEY:-default} would allow that)\n");
    EXPECT_EQ(faults_of(text, {{"OPENAI_API_KEY", ""}}),
              "f:3: providers.openai.keys[0]: is empty; ${NAME:-} would leave an absent key out\n");
}

TEST(Provider, RefusesAKeyThatCouldNotStandInAHeader) {
    EXPECT_EQ(faults_of("providers: {xai: {keys: ['${file:k}']}}", {}, {{"k", "a\nb\n"}}),
              "f:1: providers.xai.keys[0]: holds a line end or another control character\n");
    EXPECT_EQ(faults_of("providers: {xai: {keys: ['${file:k}']}}", {}, {{"k", "ab\r\n"}}), "");
}

} // namespace tollgate::config
