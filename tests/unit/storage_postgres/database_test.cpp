// Opening, migrating and running work, on a real server.
#include "storage/postgres/database.hpp"

#include "storage/postgres/migrations.hpp"
#include "support/postgres_server.hpp"

#include <gtest/gtest.h>

#include <barrier>
#include <thread>

namespace tollgate::storage::postgres {

namespace {

using testing::PostgresServer;

PostgresSettings settings_for(const std::string& url) {
    return {.url = base::Secret(url), .display = "postgresql:///test", .timeout = std::chrono::seconds(20)};
}

PostgresSettings fresh() {
    auto& server = PostgresServer::shared();
    return settings_for(server.url(server.create_database()));
}

base::Result<std::int64_t> count(Database& database, std::string_view sql) {
    return database.look_up([sql](Connection& connection) -> base::Result<std::int64_t> {
        auto rows = connection.query(sql);
        rows.step();
        return rows.integer(0);
    });
}

base::Result<void> insert_account(Database& database, const std::string& id) {
    return database.write([&id](Connection& connection) -> base::Result<void> {
        connection.query("INSERT INTO accounts (id, email, name, role, created_at) "
                         "VALUES ($1, $1, $1, 'member', 0)",
                         id);
        return {};
    });
}

} // namespace

TEST(PostgresDatabase, AppliesEveryMigrationOnceAndInOrder) {
    const auto settings = fresh();
    const auto first = Database::open(settings, Migrate::apply);
    ASSERT_TRUE(first.has_value()) << first.error().message;
    std::vector<std::string> names;
    for (const Migration& migration : known_migrations()) names.emplace_back(migration.name);
    EXPECT_EQ((*first)->applied_migrations(), names);
    const auto second = Database::open(settings, Migrate::apply);
    ASSERT_TRUE(second.has_value()) << second.error().message;
    EXPECT_TRUE((*second)->applied_migrations().empty());
}

TEST(PostgresDatabase, ManyNodesMigrateOneDatabaseTogether) {
    const auto settings = fresh();
    constexpr int openers = 6;
    std::barrier start(openers);
    std::atomic<std::size_t> applied{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < openers; ++i) {
            threads.emplace_back([&, i] {
                start.arrive_and_wait();
                const auto database = Database::open(settings, Migrate::apply);
                ASSERT_TRUE(database.has_value()) << database.error().message;
                applied += (*database)->applied_migrations().size();
                EXPECT_TRUE(insert_account(**database, std::to_string(i)).has_value());
            });
        }
    }
    EXPECT_EQ(applied, known_migrations().size());
    const auto database = Database::open(settings, Migrate::refuse);
    EXPECT_EQ(count(**database, "SELECT count(*) FROM accounts").value(), openers);
}

TEST(PostgresDatabase, RefusesASchemaThatIsNewerThanTheProgram) {
    const auto settings = fresh();
    {
        const auto database = Database::open(settings, Migrate::apply);
        ASSERT_TRUE(database.has_value());
        const auto added = (*database)->write([](Connection& connection) -> base::Result<void> {
            connection.execute("INSERT INTO schema_migrations (version, name) VALUES (9999, '9999_future')");
            return {};
        });
        ASSERT_TRUE(added.has_value());
    }
    for (const Migrate migrate : {Migrate::apply, Migrate::refuse}) {
        const auto database = Database::open(settings, migrate);
        ASSERT_FALSE(database.has_value());
        EXPECT_NE(database.error().message.find("9999"), std::string::npos) << database.error().message;
    }
}

TEST(PostgresDatabase, DoesNotMigrateWhenToldNotTo) {
    const auto settings = fresh();
    const auto outdated = Database::open(settings, Migrate::refuse);
    ASSERT_FALSE(outdated.has_value());
    EXPECT_NE(outdated.error().message.find("tollgate migrate"), std::string::npos);
    ASSERT_TRUE(Database::open(settings, Migrate::apply).has_value());
    EXPECT_TRUE(Database::open(settings, Migrate::refuse).has_value());
}

TEST(PostgresDatabase, SaysWhatIsWrongWithTheAddress) {
    auto& server = PostgresServer::shared();
    const auto missing = Database::open(settings_for(server.url("no_such_database")), Migrate::apply);
    ASSERT_FALSE(missing.has_value());
    EXPECT_NE(missing.error().message.find("createdb"), std::string::npos) << missing.error().message;
    const auto nobody =
        Database::open(settings_for("postgresql://u:hunter2@/d?host=/nonexistent"), Migrate::apply);
    ASSERT_FALSE(nobody.has_value());
    EXPECT_EQ(nobody.error().retry, base::Retry::maybe);
    EXPECT_EQ(nobody.error().message.find("hunter2"), std::string::npos) << nobody.error().message;
}

TEST(PostgresDatabase, RollsBackWhatEndsInAnErrorOrAFault) {
    const auto database = Database::open(fresh(), Migrate::apply);
    ASSERT_TRUE(database.has_value());
    const std::string insert = "INSERT INTO accounts (id, email, name, role, created_at) VALUES ('a', 'a', "
                               "'a', 'member', 0)";
    const auto refused = (*database)->write([&insert](Connection& connection) -> base::Result<void> {
        connection.execute(insert);
        return base::reject(base::ErrorCode::conflict, "no");
    });
    EXPECT_EQ(refused.error().code, base::ErrorCode::conflict);
    const auto faulty = (*database)->write([&insert](Connection& connection) -> base::Result<void> {
        connection.execute(insert);
        connection.execute("this is not SQL");
        return {};
    });
    EXPECT_EQ(faulty.error().code, base::ErrorCode::storage_unavailable);
    EXPECT_EQ(count(**database, "SELECT count(*) FROM accounts").value(), 0);
}

TEST(PostgresDatabase, ReadersCannotWriteAndSeeOneMoment) {
    const auto database = Database::open(fresh(), Migrate::apply);
    ASSERT_TRUE(database.has_value());
    const auto read = (*database)->read([&](Connection& connection) -> base::Result<std::int64_t> {
        connection.query("SELECT 1 FROM accounts");
        EXPECT_TRUE(insert_account(**database, "a").has_value());
        auto rows = connection.query("SELECT count(*) FROM accounts");
        rows.step();
        return rows.integer(0);
    });
    EXPECT_EQ(read.value(), 0);
    const auto written = (*database)->read([](Connection& connection) -> base::Result<void> {
        connection.execute("DELETE FROM accounts");
        return {};
    });
    EXPECT_FALSE(written.has_value());
}

TEST(PostgresDatabase, DoesWorkAgainThatDeadlocked) {
    const auto database = Database::open(fresh(), Migrate::apply);
    ASSERT_TRUE(database.has_value());
    ASSERT_TRUE(insert_account(**database, "a").has_value());
    ASSERT_TRUE(insert_account(**database, "b").has_value());
    std::barrier both_hold_one(2);
    std::atomic<int> runs{0};
    const auto lock_in_order = [&](const std::string& first, const std::string& second) {
        bool is_first_run = true;
        return (*database)->write([&](Connection& connection) -> base::Result<void> {
            ++runs;
            constexpr std::string_view touch =
                "UPDATE accounts SET session_version = session_version + 1 WHERE id = $1";
            connection.query(touch, first);
            if (std::exchange(is_first_run, false)) both_hold_one.arrive_and_wait();
            connection.query(touch, second);
            return {};
        });
    };
    {
        const std::jthread other([&] { EXPECT_TRUE(lock_in_order("b", "a").has_value()); });
        EXPECT_TRUE(lock_in_order("a", "b").has_value());
    }
    EXPECT_EQ(runs, 3) << "one of them once more";
    EXPECT_EQ(count(**database, "SELECT sum(session_version)::bigint FROM accounts").value(), 6);
}

TEST(PostgresDatabase, WaitsForAConnectionAndGivesUpInTime) {
    auto settings = fresh();
    settings.connections = 1;
    settings.timeout = std::chrono::milliseconds(300);
    const auto database = Database::open(settings, Migrate::apply);
    ASSERT_TRUE(database.has_value());
    const auto busy = (*database)->look_up([&](Connection&) -> base::Result<std::int64_t> {
        return count(**database, "SELECT 1"); // the only connection is in use, by this very thread
    });
    ASSERT_FALSE(busy.has_value());
    EXPECT_EQ(busy.error().code, base::ErrorCode::storage_unavailable);
    EXPECT_NE(busy.error().message.find("busy"), std::string::npos) << busy.error().message;
    EXPECT_EQ(count(**database, "SELECT 1").value(), 1);
}

} // namespace tollgate::storage::postgres
