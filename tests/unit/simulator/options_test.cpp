#include "simulator/options.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace tollgate::simulator {

namespace {

std::expected<Options, Exit> parsed(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "tollgate-simulator");
    return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

} // namespace

TEST(Options, HaveDefaultsThatNeedNoArguments) {
    const auto options = parsed({});
    ASSERT_TRUE(options.has_value());
    EXPECT_EQ(options->settings.listen, "127.0.0.1:0");
    EXPECT_EQ(options->settings.tokens, 32U);
    EXPECT_EQ(options->settings.recording, Recording::bodies);
    EXPECT_FALSE(options->quiet);
}

TEST(Options, SetWhatTheyName) {
    const auto options = parsed({"--listen", "127.0.0.1:8081", "--threads", "2", "--first-token-ms", "50",
                                 "--tokens-per-second", "100", "--tokens", "7", "--require-key", "sk-a",
                                 "--record", "off", "--script", "fault=hang tag=x", "--quiet"});
    ASSERT_TRUE(options.has_value());
    const Settings& settings = options->settings;
    EXPECT_EQ(settings.listen, "127.0.0.1:8081");
    EXPECT_EQ(settings.threads, 2U);
    EXPECT_EQ(settings.script.first_token, std::chrono::milliseconds(50));
    EXPECT_EQ(settings.script.tokens_per_second, 100U);
    EXPECT_EQ(settings.tokens, 7U);
    EXPECT_EQ(settings.require_key, "sk-a");
    EXPECT_EQ(settings.recording, Recording::off);
    EXPECT_EQ(settings.script.fault.kind, FaultKind::hang);
    EXPECT_EQ(settings.script.tag, "x");
    EXPECT_TRUE(options->quiet);
}

TEST(Options, RefuseWhatTheyDoNotKnow) {
    const std::vector<std::vector<const char*>> wrong{
        {"--nothing"},       {"--threads", "0"}, {"--tokens", "x"},         {"--record", "some"},
        {"--script", "bad"}, {"surplus"},        {"--first-token-ms", "-1"}};
    for (const auto& arguments : wrong) {
        const auto options = parsed(arguments);
        ASSERT_FALSE(options.has_value()) << arguments[0];
        EXPECT_EQ(options.error().status, 2) << arguments[0];
        EXPECT_FALSE(options.error().text.empty()) << arguments[0];
    }
}

TEST(Options, HelpListsEveryDirective) {
    const auto options = parsed({"--help"});
    ASSERT_FALSE(options.has_value());
    EXPECT_EQ(options.error().status, 0);
    for (const Directive& directive : directives())
        EXPECT_NE(options.error().text.find(directive.form), std::string::npos) << directive.form;
}

} // namespace tollgate::simulator
