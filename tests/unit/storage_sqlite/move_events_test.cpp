// A file that an older version filled: its events are all there after the move, as they were, also when the
// program died in the middle of it.
#include "storage/sqlite/move_events.hpp"

#include "storage/sqlite/ledger.hpp"
#include "storage/sqlite/migrations.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <ranges>
#include <set>

namespace tollgate::storage::sqlite {

namespace {

constexpr std::int64_t old_version = 10;
constexpr std::int64_t count = 25'000; // more than one step moves

void apply_up_to(Connection& connection, std::int64_t version) {
    connection.execute("CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, "
                       "name TEXT NOT NULL, applied_at TEXT NOT NULL DEFAULT '') STRICT");
    for (const Migration& migration : pending_migrations(connection).value()) {
        if (migration.version > version) return;
        connection.execute(std::string(migration.sql));
        connection.query("INSERT INTO schema_migrations (version, name) VALUES (?1, ?2)")
            .bind(migration.version, migration.name)
            .run();
    }
}

/// Every other call has an id that a test made up; each fifth failed.
constexpr const char* fill =
    "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 25000) "
    "INSERT INTO usage_events SELECT n, CASE n % 2 WHEN 0 THEN printf('req_%032x', n) ELSE 'call-' || n END, "
    "'trace ' || n, 'key_' || (n % 7), 'acc_' || (n % 3), date(1790000000 + n * 60, 'unixepoch'), n % 2, "
    "'chat.completions', 'asked', 'openai', 'model-' || (n % 5), n % 2, CASE n % 5 WHEN 0 THEN 502 ELSE 200 "
    "END, 'completed', 'provider', n, 1, 2, 3, 4, 5, 6, 1, 7, n * 10, n * 20, 'INR', '88', 'v1', "
    "1790000000000000 + n * 60000000, 1790000000000000 + n * 60000000 + 1500000, nullif(n % 4, 0), 1400, "
    "n % 2, 1, 'node-1' FROM numbers";

class MoveEvents : public ::testing::Test {
protected:
    MoveEvents() {
        ::close(::open(path_.c_str(), O_CREAT | O_RDWR, 0600));
        Connection connection(path_, Access::write);
        Transaction transaction(connection, Access::write);
        apply_up_to(connection, old_version);
        connection.execute(fill);
        transaction.commit();
    }

    void expect_all_events() {
        auto database = Database::open(path_, Migrate::apply);
        ASSERT_TRUE(database.has_value()) << database.error().message;
        SqliteLedger ledger(**database);
        std::int64_t number = count;
        ports::EventQuery query{.limit = 1000};
        do {
            const auto page = ledger.events(query).value();
            for (const domain::UsageEvent& event : page.events) expect_event(event, number--);
            query.after = page.next;
        } while (query.after);
        EXPECT_EQ(number, 0);
    }

    static void expect_event(const domain::UsageEvent& event, std::int64_t n) {
        const std::string text = std::to_string(n);
        EXPECT_EQ(event.client_request_id, "trace " + text);
        EXPECT_TRUE(n % 2 == 0 ? event.request_id.text().starts_with("req_0000")
                               : event.request_id.text() == "call-" + text);
        EXPECT_EQ(event.key_id.text(), "key_" + std::to_string(n % 7));
        EXPECT_EQ(event.account_id.text(), "acc_" + std::to_string(n % 3));
        EXPECT_EQ(event.upstream_model, "model-" + std::to_string(n % 5));
        EXPECT_EQ(event.status, n % 5 == 0 ? 502 : 200);
        EXPECT_EQ(event.usage.input, static_cast<std::uint64_t>(n));
        EXPECT_EQ(event.usage.reasoning, 7U);
        EXPECT_EQ(event.cost.micros(), n * 10);
        EXPECT_EQ(event.ended_at - event.started_at, std::chrono::microseconds(1'500'000));
        EXPECT_EQ(event.first_byte.has_value(), n % 4 != 0);
        const std::chrono::sys_days day = std::chrono::floor<std::chrono::days>(event.started_at);
        EXPECT_EQ(event.day.time_since_epoch(), day.time_since_epoch());
    }

    testing::TemporaryDirectory directory_;
    std::filesystem::path path_ = directory_.path() / "tollgate.db";
};

} // namespace

TEST_F(MoveEvents, KeepsEveryFieldOfEveryEvent) {
    expect_all_events();
}

TEST_F(MoveEvents, GoesOnWhereItWasCutOff) {
    {
        Connection connection(path_, Access::write);
        apply_up_to(connection, version_after_move - 1);
        Transaction transaction(connection, Access::write);
        EXPECT_TRUE(move_events(connection));
        transaction.commit();
        Transaction lost(connection, Access::write);
        EXPECT_TRUE(move_events(connection));
    }
    EXPECT_FALSE(Database::open(path_, Migrate::refuse).has_value());
    expect_all_events();
}

TEST_F(MoveEvents, LeavesTheViewOfEventsAsTheTableWas) {
    ASSERT_TRUE(Database::open(path_, Migrate::apply).has_value());
    Connection connection(path_, Access::read);
    auto row = connection.query("SELECT request_id, day, ended_at, priced_requests, client_gone FROM "
                                "usage_events WHERE sequence = 2");
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.text(0), "req_00000000000000000000000000000002");
    EXPECT_EQ(row.text(1), "2026-09-21");
    EXPECT_EQ(row.integer(2), 1'790'000'000'000'000 + 2 * 60'000'000 + 1'500'000);
    EXPECT_EQ(row.integer(3), 1);
    EXPECT_EQ(row.integer(4), 0);
}

} // namespace tollgate::storage::sqlite
