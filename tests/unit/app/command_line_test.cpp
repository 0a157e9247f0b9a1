#include "unit/app/program.hpp"

namespace tollgate::app {

using CommandLine = Program;

TEST_F(CommandLine, HelpIsPrintedOnEveryLevelAsAResult) {
    const std::vector<std::vector<std::string>> commands = {{},
                                                            {"check-config"},
                                                            {"migrate"},
                                                            {"user"},
                                                            {"user", "create"},
                                                            {"user", "list"},
                                                            {"user", "disable"},
                                                            {"user", "enable"},
                                                            {"user", "password"},
                                                            {"prices"},
                                                            {"prices", "check"},
                                                            {"prices", "show"},
                                                            {"key"},
                                                            {"key", "create"},
                                                            {"key", "list"},
                                                            {"key", "show"},
                                                            {"key", "update"},
                                                            {"key", "rotate"},
                                                            {"key", "revoke"},
                                                            {"key", "disable"},
                                                            {"key", "enable"}};
    for (auto command : commands) {
        std::string line = "tollgate";
        for (const auto& word : command) line += " " + word;
        command.emplace_back("--help");
        const Printed printed = run_bare(command);
        EXPECT_EQ(printed.code, 0) << line;
        EXPECT_NE(printed.out.find("Usage: " + line), std::string::npos) << printed.out;
        EXPECT_NE(printed.out.find("xample"), std::string::npos) << line << " has no example";
        EXPECT_EQ(printed.error, "") << line;
    }
}

TEST_F(CommandLine, AWrongUsageIsTwoAndPointsToTheHelp) {
    const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
        {{}, "See 'tollgate --help'"},
        {{"bogus"}, "See 'tollgate --help'"},
        {{"key"}, "See 'tollgate key --help'"},
        {{"key", "bogus"}, "See 'tollgate key --help'"},
        {{"key", "create"}, "See 'tollgate key create --help'"},
        {{"key", "create", "--name", "x", "--bogus"}, "See 'tollgate key create --help'"},
        {{"key", "create", "--name", "x", "--rate-limit", "many"}, "See 'tollgate key create --help'"},
        {{"key", "show"}, "See 'tollgate key show --help'"},
        {{"key", "update", "x", "--model", "a", "--any-model"}, "See 'tollgate key update --help'"},
        {{"user", "create"}, "See 'tollgate user create --help'"},
        {{"check-config"}, "See 'tollgate check-config --help'"},
    };
    for (const auto& [arguments, hint] : cases) {
        const Printed printed = run_bare(arguments);
        EXPECT_EQ(printed.code, 2) << hint << printed.error;
        EXPECT_EQ(printed.out, "") << hint;
        EXPECT_NE(printed.error.find(hint), std::string::npos) << printed.error;
    }
}

TEST_F(CommandLine, PrintsItsVersion) {
    const Printed printed = run_bare({"--version"});
    EXPECT_EQ(printed.code, 0);
    EXPECT_TRUE(printed.out.starts_with("tollgate ")) << printed.out;
}

TEST_F(CommandLine, CheckConfigPrintsEveryFaultWithItsLine) {
    EXPECT_EQ(run({"check-config"}).code, 0);
    EXPECT_EQ(run_json({"check-config"}).at("valid"), true);

    write("bad.yaml", "server:\n  workers: many\nbiling: {}\n");
    const Printed people = run_bare({"check-config", "--config", path("bad.yaml")});
    EXPECT_EQ(people.code, 2);
    EXPECT_NE(people.out.find("bad.yaml:2"), std::string::npos) << people.out;
    EXPECT_NE(people.out.find("biling"), std::string::npos) << people.out;
    EXPECT_EQ(people.error, "");

    const Printed scripts = run_bare({"check-config", "--json", "--config", path("bad.yaml")});
    EXPECT_EQ(scripts.code, 2);
    EXPECT_EQ(scripts.json().at("valid"), false);
    EXPECT_EQ(scripts.json().at("faults").size(), 2U);
    EXPECT_EQ(scripts.json().at("faults").at(0).at("line"), 2);
}

TEST_F(CommandLine, AFaultyConfigurationStopsEveryCommandWithTwo) {
    write("bad.yaml", "biling: {}\n");
    const std::vector<std::vector<std::string>> commands = {
        {"migrate"}, {"user", "list"}, {"key", "list"}, {"key", "create", "--name", "x"}};
    for (auto arguments : commands) {
        arguments.insert(arguments.end(), {"--config", path("bad.yaml")});
        const Printed printed = run_bare(arguments);
        EXPECT_EQ(printed.code, 2) << arguments.front();
        EXPECT_NE(printed.error.find("biling"), std::string::npos) << printed.error;
    }
    EXPECT_EQ(run_bare({"key", "list", "--config", path("absent.yaml")}).code, 2);
}

TEST_F(CommandLine, MigrateSaysWhatItAppliedAndIsIdempotent) {
    const auto first = run_json({"migrate"});
    ASSERT_FALSE(first.at("applied").empty());
    EXPECT_EQ(first.at("applied").at(0), "0001_accounts_and_keys");
    EXPECT_TRUE(run_json({"migrate"}).at("applied").empty());
    EXPECT_NE(run({"migrate"}).out.find("up to date"), std::string::npos);
}

TEST_F(CommandLine, WithoutLeaveToMigrateAMissingDatabaseIsAnErrorThatSaysWhatToDo) {
    write("config.yaml", "storage: {database: \"sqlite:" + path("other.db") + "\", migrate: false}\n");
    const Printed before = run({"key", "list"});
    EXPECT_EQ(before.code, 1);
    EXPECT_NE(before.error.find("tollgate migrate"), std::string::npos) << before.error;
    EXPECT_EQ(run({"migrate"}).code, 0);
    EXPECT_EQ(run({"key", "list"}).code, 0);
}

TEST_F(CommandLine, AResultThatCannotBeWrittenIsAFailure) {
    std::istringstream in;
    std::ofstream out("/dev/full");
    std::ostringstream error;
    Terminal terminal{
        .in = in, .out = out, .error = error, .environment = config::process_environment(), .now = now_};
    const int code = app::run({"key", "create", "--name", "lost", "--config", path("config.yaml")}, terminal);
    EXPECT_EQ(code, 1);
    EXPECT_NE(error.str().find("could not be written"), std::string::npos) << error.str();
}

} // namespace tollgate::app
