#include "tollgate/base/password.hpp"
#include "tollgate/storage/sqlite_storage.hpp"
#include "unit/app/program.hpp"

namespace tollgate::app {

class UserCommands : public Program {
protected:
    ports::Account stored(const std::string& email) {
        const auto storage =
            storage::SqliteStorage::open(path("tollgate.db"), storage::Migrate::refuse).value();
        return storage->accounts().find_by_email(email).value().value();
    }
};

TEST_F(UserCommands, TheFirstUserBecomesAdminAndTheNextAMember) {
    const auto first = run_json({"user", "create", "Me@Example.org", "--name", "Me"}, "correct horse\n");
    EXPECT_EQ(first.at("email"), "me@example.org");
    EXPECT_EQ(first.at("role"), "admin");
    EXPECT_EQ(first.at("has_password"), true);
    EXPECT_EQ(run_json({"user", "create", "b@example.org"}, "correct horse\n").at("role"), "member");
    const auto named = run_json({"user", "create", "c@example.org", "--role", "admin", "--concurrency", "9"},
                                "correct horse\n");
    EXPECT_EQ(named.at("role"), "admin");
    EXPECT_EQ(named.at("concurrency"), 9);
    EXPECT_TRUE(base::verify_password(base::Secret("correct horse"), stored("me@example.org").password_hash));
}

TEST_F(UserCommands, ChangesAreInTheAuditLog) {
    run({"user", "create", "a@example.org", "--no-password"});
    run({"user", "disable", "a@example.org"});
    run({"key", "create", "--user", "a@example.org", "--name", "ci"});
    const auto storage = storage::SqliteStorage::open(path("tollgate.db"), storage::Migrate::refuse).value();
    const auto entries = storage->audit_log().list({}).value().entries;
    ASSERT_EQ(entries.size(), 3U);
    EXPECT_EQ(entries[0].action, "key.create");
    EXPECT_EQ(entries[1].action, "user.update");
    EXPECT_EQ(entries[2].action, "user.create");
    EXPECT_EQ(entries[2].actor, "command line");
    EXPECT_EQ(entries[2].target, stored("a@example.org").id.text());
}

TEST_F(UserCommands, ThePasswordIsTheFirstLineAndNeverPrinted) {
    const Printed printed = run({"user", "create", "a@example.org"}, "correct horse\r\nmore\n");
    EXPECT_EQ(printed.code, 0);
    EXPECT_EQ((printed.out + printed.error).find("correct"), std::string::npos);
    EXPECT_EQ((printed.out + printed.error).find("argon2"), std::string::npos);
    EXPECT_TRUE(base::verify_password(base::Secret("correct horse"), stored("a@example.org").password_hash));
}

TEST_F(UserCommands, APersonIsAskedTwice) {
    std::istringstream in("correct horse\ncorrect horse\nthe first try\nthe second try\n");
    std::ostringstream out;
    std::ostringstream error;
    Terminal terminal{.in = in,
                      .out = out,
                      .error = error,
                      .input = Input::keyboard,
                      .environment = config::process_environment(),
                      .now = now_};
    EXPECT_EQ(app::run({"user", "create", "a@example.org", "--config", path("config.yaml")}, terminal), 0);
    EXPECT_NE(error.str().find("Password:"), std::string::npos);
    EXPECT_EQ(app::run({"user", "password", "a@example.org", "--config", path("config.yaml")}, terminal), 2);
    EXPECT_NE(error.str().find("differ"), std::string::npos) << error.str();
    EXPECT_TRUE(base::verify_password(base::Secret("correct horse"), stored("a@example.org").password_hash));
}

TEST_F(UserCommands, WrongInputIsRefusedAndLeavesNothingBehind) {
    const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
        {{"user", "create", "nobody"}, "correct horse\n"},
        {{"user", "create", "@example.org"}, "correct horse\n"},
        {{"user", "create", "a@"}, "correct horse\n"},
        {{"user", "create", "a@b@c"}, "correct horse\n"},
        {{"user", "create", "a b@c"}, "correct horse\n"},
        {{"user", "create", "a@example.org"}, ""},
        {{"user", "create", "a@example.org"}, "short\n"},
        {{"user", "create", "a@example.org", "--role", "king"}, "correct horse\n"},
    };
    for (const auto& [arguments, input] : cases) {
        const Printed printed = run(arguments, input);
        EXPECT_EQ(printed.code, 2) << arguments.at(2) << " " << printed.error;
        EXPECT_EQ(printed.out, "");
    }
    EXPECT_TRUE(run_json({"user", "list"}).at("users").empty());
}

TEST_F(UserCommands, AnEmailTwiceIsAFailure) {
    EXPECT_EQ(run({"user", "create", "a@example.org", "--no-password"}).code, 0);
    const Printed again = run({"user", "create", "A@example.org", "--no-password"});
    EXPECT_EQ(again.code, 1);
    EXPECT_NE(again.error.find("a@example.org"), std::string::npos) << again.error;
}

TEST_F(UserCommands, ListIsATableForPeople) {
    EXPECT_NE(run({"user", "list"}).error.find("no account"), std::string::npos);
    run({"user", "create", "a@example.org", "--no-password", "--name", "Zoë"});
    now_ += std::chrono::seconds(1);
    run({"user", "create", "b@example.org"}, "correct horse\n");
    const Printed list = run({"user", "list"});
    EXPECT_EQ(list.error, "");
    std::istringstream lines(list.out);
    std::vector<std::string> rows;
    for (std::string line; std::getline(lines, line);) rows.push_back(line);
    ASSERT_EQ(rows.size(), 3U) << list.out;
    EXPECT_TRUE(rows[0].starts_with("ID"));
    EXPECT_NE(rows[1].find("a@example.org  Zoë   admin"), std::string::npos) << list.out;
    EXPECT_NE(rows[1].find("none"), std::string::npos) << list.out;
    EXPECT_NE(rows[2].find("b@example.org"), std::string::npos) << list.out;
}

TEST_F(UserCommands, DisableAndPasswordEndTheSessions) {
    const auto created = run_json({"user", "create", "a@example.org"}, "correct horse\n");
    EXPECT_EQ(run_json({"user", "disable", "A@example.org"}).at("disabled"), true);
    EXPECT_EQ(stored("a@example.org").session_version, 2U);
    EXPECT_EQ(run_json({"user", "enable", created.at("id")}).at("disabled"), false);
    EXPECT_EQ(run({"user", "password", "a@example.org"}, "battery staple\n").code, 0);
    EXPECT_EQ(stored("a@example.org").session_version, 3U);
    EXPECT_TRUE(base::verify_password(base::Secret("battery staple"), stored("a@example.org").password_hash));
    EXPECT_EQ(run({"user", "disable", "nobody@example.org"}).code, 1);
}

} // namespace tollgate::app
