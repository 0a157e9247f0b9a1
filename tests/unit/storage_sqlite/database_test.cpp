#include "storage/sqlite/database.hpp"

#include "storage/sqlite/migrations.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <barrier>
#include <fstream>
#include <thread>

namespace tollgate::storage::sqlite {

namespace {

using testing::TemporaryDirectory;

std::filesystem::perms mode_of(const std::filesystem::path& path) {
    return std::filesystem::status(path).permissions();
}

base::Result<std::int64_t> count(Database& database, std::string_view sql) {
    return database.read([sql](Connection& connection) -> base::Result<std::int64_t> {
        auto query = connection.query(sql);
        query.step();
        return query.integer(0);
    });
}

base::Result<void> insert_account(Database& database, const std::string& id) {
    return database.write([&id](Connection& connection) -> base::Result<void> {
        connection
            .query("INSERT INTO accounts (id, email, name, role, created_at) VALUES (?1, ?1, ?1, "
                   "'member', 0)")
            .bind(id)
            .run();
        return {};
    });
}

} // namespace

TEST(SqliteDatabase, IsCreatedWithItsDirectoryForItsOwnerAlone) {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "new" / "deep" / "tollgate.db";
    const auto database = Database::open(path, Migrate::apply);
    ASSERT_TRUE(database.has_value()) << database.error().message;

    const auto owner_only = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;
    EXPECT_EQ(mode_of(path), owner_only);
    EXPECT_EQ(mode_of(path.string() + "-wal"), owner_only);
    EXPECT_EQ(mode_of(path.string() + "-shm"), owner_only);
    EXPECT_EQ(mode_of(path.parent_path()), std::filesystem::perms::owner_all);
}

TEST(SqliteDatabase, AppliesEveryMigrationOnceAndInOrder) {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "tollgate.db";
    {
        const auto first = Database::open(path, Migrate::apply);
        ASSERT_TRUE(first.has_value()) << first.error().message;
        std::vector<std::string> names;
        for (const Migration& migration : known_migrations()) names.emplace_back(migration.name);
        EXPECT_EQ((*first)->applied_migrations(), names);
    }
    const auto second = Database::open(path, Migrate::apply);
    ASSERT_TRUE(second.has_value()) << second.error().message;
    EXPECT_TRUE((*second)->applied_migrations().empty());
    EXPECT_EQ(count(**second, "SELECT count(*) FROM schema_migrations").value(),
              std::ssize(known_migrations()));
}

TEST(SqliteDatabase, KnownMigrationsHaveGrowingVersions) {
    const auto migrations = known_migrations();
    ASSERT_FALSE(migrations.empty());
    for (std::size_t i = 1; i < migrations.size(); ++i) {
        EXPECT_LT(migrations[i - 1].version, migrations[i].version);
    }
}

TEST(SqliteDatabase, RefusesASchemaThatIsNewerThanTheProgram) {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "tollgate.db";
    {
        const auto database = Database::open(path, Migrate::apply);
        ASSERT_TRUE(database.has_value());
        const auto added = (*database)->write([](Connection& connection) -> base::Result<void> {
            connection.execute("INSERT INTO schema_migrations (version, name) VALUES (9999, '9999_future')");
            return {};
        });
        ASSERT_TRUE(added.has_value());
    }
    for (const Migrate migrate : {Migrate::apply, Migrate::refuse}) {
        const auto database = Database::open(path, migrate);
        ASSERT_FALSE(database.has_value());
        EXPECT_EQ(database.error().code, base::ErrorCode::storage_unavailable);
        EXPECT_NE(database.error().message.find("9999"), std::string::npos) << database.error().message;
    }
}

TEST(SqliteDatabase, DoesNotMigrateWhenToldNotTo) {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "tollgate.db";
    const auto missing = Database::open(path, Migrate::refuse);
    ASSERT_FALSE(missing.has_value());
    EXPECT_FALSE(std::filesystem::exists(path));

    std::ofstream(path).close(); // an empty file is an empty database
    const auto outdated = Database::open(path, Migrate::refuse);
    ASSERT_FALSE(outdated.has_value());
    EXPECT_NE(outdated.error().message.find("tollgate migrate"), std::string::npos);

    ASSERT_TRUE(Database::open(path, Migrate::apply).has_value());
    EXPECT_TRUE(Database::open(path, Migrate::refuse).has_value());
}

TEST(SqliteDatabase, AnswersAnErrorForAFileThatIsNotADatabase) {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "tollgate.db";
    std::ofstream(path) << std::string(8192, 'x');
    for (const Migrate migrate : {Migrate::apply, Migrate::refuse}) {
        const auto database = Database::open(path, migrate);
        ASSERT_FALSE(database.has_value());
        EXPECT_EQ(database.error().code, base::ErrorCode::storage_unavailable);
        EXPECT_EQ(database.error().source, base::ErrorSource::storage);
        EXPECT_NE(database.error().message.find("not a database"), std::string::npos)
            << database.error().message;
    }
}

TEST(SqliteDatabase, AnswersAnErrorForAPathThatCannotBe) {
    const TemporaryDirectory directory;
    std::ofstream(directory.path() / "file").close();
    for (const auto& path : {directory.path() / "file" / "tollgate.db", directory.path()}) {
        const auto database = Database::open(path, Migrate::apply);
        ASSERT_FALSE(database.has_value());
        EXPECT_EQ(database.error().code, base::ErrorCode::storage_unavailable);
        EXPECT_NE(database.error().message.find(path.string()), std::string::npos);
    }
}

TEST(SqliteDatabase, RollsBackWhatEndsInAnErrorOrAFault) {
    const TemporaryDirectory directory;
    const auto database = Database::open(directory.path() / "tollgate.db", Migrate::apply);
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

TEST(SqliteDatabase, ReadersCannotWrite) {
    const TemporaryDirectory directory;
    const auto database = Database::open(directory.path() / "tollgate.db", Migrate::apply);
    ASSERT_TRUE(database.has_value());
    const auto written = (*database)->read([](Connection& connection) -> base::Result<void> {
        connection.execute("DELETE FROM accounts");
        return {};
    });
    ASSERT_FALSE(written.has_value());
    EXPECT_EQ(written.error().code, base::ErrorCode::storage_unavailable);
}

TEST(SqliteDatabase, StatementsAreLentToOneUserAtATime) {
    const TemporaryDirectory directory;
    const auto database = Database::open(directory.path() / "tollgate.db", Migrate::apply);
    ASSERT_TRUE(database.has_value());
    const auto sum = (*database)->read([](Connection& connection) -> base::Result<std::int64_t> {
        constexpr std::string_view sql = "SELECT ?1 + 0";
        auto outer = connection.query(sql);
        outer.bind(1).step();
        auto inner = connection.query(sql);
        inner.bind(20).step();
        return outer.integer(0) + inner.integer(0);
    });
    EXPECT_EQ(sum.value(), 21);
    const auto clean = (*database)->read([](Connection& connection) -> base::Result<bool> {
        auto again = connection.query("SELECT ?1 + 0");
        again.step();
        return again.is_null(0);
    });
    EXPECT_TRUE(clean.value()) << "a returned statement keeps no values";
}

TEST(SqliteDatabase, KeepsNumbersExactAndRefusesThoseThatDoNotFit) {
    const TemporaryDirectory directory;
    const auto database = Database::open(directory.path() / "tollgate.db", Migrate::apply);
    ASSERT_TRUE(database.has_value());
    const auto echo = [&database](auto value) {
        return (*database)->read([value](Connection& connection) -> base::Result<std::int64_t> {
            auto query = connection.query("SELECT ?1");
            query.bind(value).step();
            return query.integer(0);
        });
    };
    EXPECT_EQ(echo(std::int64_t{INT64_MIN}).value(), INT64_MIN);
    EXPECT_EQ(echo(std::uint64_t{INT64_MAX}).value(), INT64_MAX);
    EXPECT_EQ(echo(std::uint32_t{UINT32_MAX}).value(), std::int64_t{UINT32_MAX});
    EXPECT_EQ(echo(base::Money::maximum()).value(), INT64_MAX);
    EXPECT_FALSE(echo(std::uint64_t{UINT64_MAX}).has_value());
}

TEST(SqliteDatabase, ManyThreadsCreateAndMigrateOneFileTogether) {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "tollgate.db";
    constexpr int openers = 8;
    std::barrier start(openers);
    std::atomic<std::size_t> applied{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < openers; ++i) {
            threads.emplace_back([&, i] {
                start.arrive_and_wait();
                const auto database = Database::open(path, Migrate::apply);
                ASSERT_TRUE(database.has_value()) << database.error().message;
                applied += (*database)->applied_migrations().size();
                const auto inserted = insert_account(**database, std::to_string(i));
                EXPECT_TRUE(inserted.has_value()) << inserted.error().message;
            });
        }
    }
    EXPECT_EQ(applied, known_migrations().size());
    const auto database = Database::open(path, Migrate::refuse);
    EXPECT_EQ(count(**database, "SELECT count(*) FROM accounts").value(), openers);
}

TEST(SqliteDatabase, ThreadsReadAndWriteOneDatabaseTogether) {
    const TemporaryDirectory directory;
    const auto database = Database::open(directory.path() / "tollgate.db", Migrate::apply);
    ASSERT_TRUE(database.has_value());
    constexpr int threads_count = 6;
    constexpr int rounds = 20;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < threads_count; ++i) {
            threads.emplace_back([&database, i] {
                for (int round = 0; round < rounds; ++round) {
                    const auto id = std::to_string(i) + "-" + std::to_string(round);
                    EXPECT_TRUE(insert_account(**database, id).has_value());
                    EXPECT_GT(count(**database, "SELECT count(*) FROM accounts").value(), round);
                }
            });
        }
    }
    EXPECT_EQ(count(**database, "SELECT count(*) FROM accounts").value(), threads_count * rounds);
}

} // namespace tollgate::storage::sqlite
