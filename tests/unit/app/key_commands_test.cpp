#include "tollgate/storage/sqlite_storage.hpp"
#include "unit/app/program.hpp"

namespace tollgate::app {

class KeyCommands : public Program {
protected:
    std::optional<domain::KeyRecord> opened_by(const std::string& secret) {
        const auto storage =
            storage::SqliteStorage::open(path("tollgate.db"), storage::Migrate::refuse).value();
        return storage->keys().find_by_secret(base::sha256(secret)).value();
    }

    /// A key's id, made with these further arguments.
    std::string create(const std::string& name, std::vector<std::string> more = {}) {
        more.insert(more.begin(), {"key", "create", "--name", name});
        const auto created = run_json(more);
        return created.is_object() ? created.at("id").get<std::string>() : std::string();
    }
};

TEST_F(KeyCommands, CreateOnAFreshGatewayPrintsOnlyTheSecretOnStandardOutput) {
    const Printed printed = run({"key", "create", "--name", "laptop"});
    ASSERT_EQ(printed.code, 0) << printed.error;
    ASSERT_TRUE(printed.out.ends_with('\n'));
    const std::string secret = printed.out.substr(0, printed.out.size() - 1);
    EXPECT_TRUE(domain::is_well_formed_key(secret)) << printed.out;
    EXPECT_NE(printed.error.find("owner@localhost"), std::string::npos) << "it says what it created";

    const auto record = opened_by(secret);
    ASSERT_TRUE(record.has_value());
    EXPECT_EQ(record->key.name, "laptop");
    EXPECT_EQ(record->key.prefix, secret.substr(0, 7));
    EXPECT_EQ(record->key.suffix, secret.substr(63));
    EXPECT_EQ(record->key.policy.rate_limit, 60U);
    EXPECT_EQ(record->key.created_at, now_);
    const auto users = run_json({"user", "list"}).at("users");
    ASSERT_EQ(users.size(), 1U);
    EXPECT_EQ(users.at(0).at("role"), "admin");
    EXPECT_EQ(users.at(0).at("has_password"), false);
}

TEST_F(KeyCommands, TheSecretIsNowhereElse) {
    const auto created = run_json({"key", "create", "--name", "laptop"});
    const std::string secret = created.at("key");
    for (const char* command : {"list", "show"}) {
        std::vector<std::string> arguments = {"key", command};
        if (std::string_view(command) == "show") arguments.emplace_back("laptop");
        const Printed printed = run(arguments);
        EXPECT_EQ((printed.out + printed.error).find(secret), std::string::npos);
        EXPECT_EQ((printed.out + printed.error).find(secret.substr(7, 20)), std::string::npos);
    }
}

TEST_F(KeyCommands, CreateWithoutAUserUsesTheLocalOwnerAgain) {
    create("one");
    create("two");
    EXPECT_EQ(run_json({"user", "list"}).at("users").size(), 1U);
    const auto keys = run_json({"key", "list"}).at("keys");
    ASSERT_EQ(keys.size(), 2U);
    EXPECT_EQ(keys.at(0).at("user"), "owner@localhost");
}

TEST_F(KeyCommands, CreateWithoutAUserAsksWhoseKeyItIsWhenThereAreOtherAccounts) {
    run({"user", "create", "a@example.org", "--no-password"});
    const Printed printed = run({"key", "create", "--name", "x"});
    EXPECT_EQ(printed.code, 2);
    EXPECT_NE(printed.error.find("--user"), std::string::npos) << printed.error;
    EXPECT_EQ(run({"key", "create", "--name", "x", "--user", "a@example.org"}).code, 0);
    EXPECT_EQ(run({"key", "create", "--name", "x", "--user", "b@example.org"}).code, 1);
}

TEST_F(KeyCommands, CreateTakesEveryOption) {
    const auto key = run_json({"key",
                               "create",
                               "--name",
                               "full",
                               "--rate-limit",
                               "600",
                               "--token-limit",
                               "90000",
                               "--concurrency",
                               "4",
                               "--budget",
                               "500.25",
                               "--budget-period",
                               "monthly",
                               "--expires",
                               "2027-01-31T18:30:00+05:30",
                               "--model",
                               "openai/gpt-*",
                               "--model",
                               "claude-*",
                               "--ip-allow",
                               "10.0.0.0/8",
                               "--metadata",
                               "team=red",
                               "--metadata",
                               "note=a=b",
                               "--on-disconnect",
                               "drain"});
    EXPECT_EQ(key.at("rate_limit"), 600);
    EXPECT_EQ(key.at("token_limit"), 90000);
    EXPECT_EQ(key.at("concurrency"), 4);
    EXPECT_EQ(key.at("budget"), "500.25");
    EXPECT_EQ(key.at("currency"), "INR");
    EXPECT_EQ(key.at("budget_period"), "monthly");
    EXPECT_EQ(key.at("expires_at"), "2027-01-31T13:00:00Z");
    EXPECT_EQ(key.at("models"), nlohmann::json({"openai/gpt-*", "claude-*"}));
    EXPECT_EQ(key.at("ip_allow"), nlohmann::json({"10.0.0.0/8"}));
    EXPECT_EQ(key.at("metadata"), nlohmann::json({{"team", "red"}, {"note", "a=b"}}));
    EXPECT_EQ(key.at("on_disconnect"), "drain");
    EXPECT_EQ(run_json({"key", "show", "full"}).at("budget"), "500.25");
}

TEST_F(KeyCommands, ADateAsExpiryMeansTheEndOfThatDayInTheBillingZone) {
    const auto here = run_json({"key", "create", "--name", "indian", "--expires", "2027-01-31"});
    EXPECT_EQ(here.at("expires_at"), "2027-01-31T18:30:00Z");
    const auto today = run_json({"key", "create", "--name", "today", "--expires", "2026-11-23"});
    EXPECT_EQ(today.at("expires_at"), "2026-11-23T18:30:00Z") << "the day that has begun is not over";
    write("config.yaml",
          "storage: {database: \"sqlite:" + path("tollgate.db") + "\"}\nbilling: {time_zone: UTC}\n");
    const auto there = run_json({"key", "update", "indian", "--expires", "2027-01-31"});
    EXPECT_EQ(there.at("expires_at"), "2027-02-01T00:00:00Z");
}

TEST_F(KeyCommands, WhatAKeyCannotBeIsRefusedWithTwoAndNothingIsCreated) {
    const std::vector<std::vector<std::string>> wrong = {
        {"--rate-limit", "0"},
        {"--rate-limit", "10001"},
        {"--token-limit", "few"},
        {"--token-limit", "-1"},
        {"--concurrency", "0"},
        {"--budget", "1.2345678"},
        {"--budget", "-1"},
        {"--budget", "lots"},
        {"--budget-period", "hourly"},
        {"--expires", "tomorrow"},
        {"--expires", "2020-01-01T00:00:00Z"},
        {"--expires", "2026-11-22"},
        {"--expires", "2027-02-30"},
        {"--ip-allow", "10.0.0.0/33"},
        {"--metadata", "nothing"},
        {"--metadata", "=x"},
        {"--on-disconnect", "wait"},
    };
    for (const auto& options : wrong) {
        std::vector<std::string> arguments = {"key", "create", "--name", "x"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const Printed printed = run(arguments);
        EXPECT_EQ(printed.code, 2) << options[0] << " " << options[1] << " " << printed.error;
        EXPECT_EQ(printed.out, "") << options[0];
    }
    EXPECT_EQ(run({"key", "create", "--name", ""}).code, 2);
    EXPECT_TRUE(run_json({"key", "list"}).at("keys").empty());
    EXPECT_TRUE(run_json({"user", "list"}).at("users").empty()) << "nor an owner for it";
}

TEST_F(KeyCommands, UpdateChangesWhatIsNamedAndLiftsLimits) {
    create("laptop", {"--budget", "5", "--token-limit", "10", "--concurrency", "1", "--model", "a",
                      "--ip-allow", "10.0.0.0/8", "--metadata", "k=v", "--expires", "2027-01-01T00:00:00Z"});
    auto key = run_json({"key", "update", "laptop", "--rate-limit", "7"});
    EXPECT_EQ(key.at("rate_limit"), 7);
    EXPECT_EQ(key.at("budget"), "5");
    EXPECT_EQ(key.at("models"), nlohmann::json({"a"}));
    EXPECT_EQ(key.at("generation"), 2);

    key = run_json({"key", "update", "laptop", "--budget", "none", "--token-limit", "none", "--concurrency",
                    "none", "--expires", "never", "--any-model", "--any-address", "--no-metadata", "--name",
                    "desktop"});
    for (const char* field : {"budget", "token_limit", "concurrency", "expires_at"}) {
        EXPECT_TRUE(key.at(field).is_null()) << field;
    }
    for (const char* field : {"models", "ip_allow", "metadata"}) EXPECT_TRUE(key.at(field).empty()) << field;
    EXPECT_EQ(run({"key", "show", "laptop"}).code, 1);
    EXPECT_EQ(run({"key", "show", "desktop"}).code, 0);
    EXPECT_EQ(run({"key", "update", "desktop"}).code, 2) << "nothing to change";
    EXPECT_EQ(run({"key", "update", "desktop", "--rate-limit", "99999"}).code, 2);
}

TEST_F(KeyCommands, RotateKeepsTheOldSecretForItsGrace) {
    const auto created = run_json({"key", "create", "--name", "laptop"});
    const Printed rotated = run({"key", "rotate", "laptop", "--grace", "24h"});
    ASSERT_EQ(rotated.code, 0) << rotated.error;
    const std::string secret = rotated.out.substr(0, rotated.out.size() - 1);
    EXPECT_EQ(opened_by(secret).value().key.id.text(), created.at("id").get<std::string>());
    EXPECT_EQ(opened_by(created.at("key")).value().secret_expires_at, now_ + std::chrono::hours(24));
    for (const char* grace : {"soon", "1w", "-1h", "h", "", "99999999d", "1.5h"}) {
        EXPECT_EQ(run({"key", "rotate", "laptop", "--grace=" + std::string(grace)}).code, 2) << grace;
    }
}

TEST_F(KeyCommands, DisableCanBeUndoneAndRevokeCannot) {
    create("laptop");
    EXPECT_EQ(run_json({"key", "disable", "laptop"}).at("state"), "disabled");
    EXPECT_EQ(run_json({"key", "enable", "laptop"}).at("state"), "active");
    EXPECT_EQ(run({"key", "revoke", "laptop"}).code, 0);
    EXPECT_EQ(run({"key", "revoke", "laptop"}).code, 0) << "a script may repeat it";
    const Printed enable = run({"key", "enable", "laptop"});
    EXPECT_EQ(enable.code, 1);
    EXPECT_NE(enable.error.find("revoked"), std::string::npos) << enable.error;
    EXPECT_EQ(run({"key", "rotate", "laptop"}).code, 1);
}

TEST_F(KeyCommands, AKeyMayBeNamedByLessThanItsIdIfThatIsEnough) {
    const std::string id = create("laptop");
    create("desktop");
    for (const std::string& reference : {id, id.substr(0, 12), id.substr(4, 8), std::string("laptop")}) {
        const auto key = run_json({"key", "show", reference});
        EXPECT_EQ(key.at("id"), id) << reference;
    }
    for (const std::string reference : {"key_", "k", "", "lapto", "acc_1234"}) {
        EXPECT_EQ(run({"key", "show", reference}).code, 1) << reference;
    }
    const Printed secret = run({"key", "revoke", "sk-" + std::string(64, 'a')});
    EXPECT_EQ(secret.code, 2);
    EXPECT_EQ(secret.error.find(std::string(64, 'a')), std::string::npos) << "a secret is not repeated";
}

TEST_F(KeyCommands, OneNameOfSeveralKeysIsAmbiguousUntilTheOthersAreRevoked) {
    const std::string first = create("ci");
    const std::string second = create("ci");
    const Printed several = run({"key", "revoke", "ci"});
    EXPECT_EQ(several.code, 1);
    EXPECT_NE(several.error.find(first), std::string::npos) << several.error;
    EXPECT_NE(several.error.find(second), std::string::npos) << several.error;
    EXPECT_EQ(run({"key", "revoke", first}).code, 0);
    EXPECT_EQ(run_json({"key", "show", "ci"}).at("id"), second);
}

TEST_F(KeyCommands, ListShowsMoneyWithItsCurrencyAndTheStateThatCallersMeet) {
    EXPECT_NE(run({"key", "list"}).error.find("no key"), std::string::npos);
    create("daily", {"--budget", "12.5", "--budget-period", "daily"});
    create("brief", {"--expires", "2026-11-23T00:00:10Z"});
    now_ += std::chrono::seconds(11);
    const Printed list = run({"key", "list"});
    EXPECT_EQ(list.code, 0);
    EXPECT_NE(list.out.find("12.5 INR a day"), std::string::npos) << list.out;
    EXPECT_NE(list.out.find("expired"), std::string::npos) << list.out;
    const auto keys = run_json({"key", "list"}).at("keys");
    EXPECT_EQ(keys.size(), 2U);
    EXPECT_NE(run({"key", "show", "daily"}).out.find("budget:               12.5 INR a day"),
              std::string::npos)
        << run({"key", "show", "daily"}).out;
}

TEST_F(KeyCommands, ListCanBeOfOneUser) {
    create("local");
    run({"user", "create", "a@example.org", "--no-password"});
    create("theirs", {"--user", "a@example.org"});
    const auto keys = run_json({"key", "list", "--user", "a@example.org"}).at("keys");
    ASSERT_EQ(keys.size(), 1U);
    EXPECT_EQ(keys.at(0).at("name"), "theirs");
}

} // namespace tollgate::app
