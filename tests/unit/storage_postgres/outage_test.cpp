// What a broken server does to the storage: killed, frozen, full, failed over. Each test breaks a server of
// its own.
#include "support/eventually.hpp"
#include "support/postgres_server.hpp"
#include "tollgate/domain/purse.hpp"
#include "tollgate/storage/postgres_storage.hpp"

#include <gtest/gtest.h>
#include <pqxx/connection>

#include <atomic>
#include <thread>

namespace tollgate::storage {

namespace {

using std::chrono::milliseconds;
using testing::eventually;
using testing::PostgresServer;

PostgresSettings settings_for(const std::string& url) {
    return {.url = base::Secret(url),
            .display = "postgresql:///test",
            .connect_timeout = std::chrono::seconds(2),
            .timeout = std::chrono::seconds(10)};
}

std::unique_ptr<PostgresStorage> open(const PostgresSettings& settings) {
    auto opened = PostgresStorage::open(settings, Migrate::apply);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
}

domain::UsageEvent event_of(const std::string& id) {
    domain::UsageEvent event;
    event.request_id = base::RequestId(id);
    event.key_id = base::KeyId("key_1");
    event.account_id = base::AccountId("acc_1");
    event.day = domain::parse_day("2026-11-23").value();
    event.started_at = base::parse_rfc3339("2026-11-23T09:05:00Z").value();
    event.cost = base::Money::of_micros(7);
    event.bound = event.cost;
    return event;
}

/// Appends the batch until the ledger has it, as the journal does.
void append_at_last(ports::Ledger& ledger, const std::vector<domain::UsageEvent>& batch) {
    EXPECT_TRUE(eventually([&] { return ledger.append(batch).has_value(); }, std::chrono::seconds(60)));
}

std::vector<domain::UsageEvent> batch_of(int number) {
    std::vector<domain::UsageEvent> batch;
    for (int index = 0; index < 10; ++index) {
        batch.push_back(event_of("req_" + std::to_string(number) + "_" + std::to_string(index)));
    }
    return batch;
}

bool is_reachable(PostgresStorage& storage) {
    return storage.keys().changes_since(0).has_value();
}

void expect_right_books(ports::Ledger& ledger, std::int64_t events) {
    const auto report = ledger.verify();
    ASSERT_TRUE(report.has_value()) << report.error().message;
    EXPECT_EQ(report->differences, std::vector<std::string>());
    EXPECT_EQ(report->events, static_cast<std::uint64_t>(events));
    EXPECT_EQ(report->total.micros(), 7 * events);
}

} // namespace

TEST(PostgresOutage, CountsEveryEventOnceAcrossKillsOfTheServer) {
    PostgresServer server({"synchronous_commit=on"});
    const auto storage = open(settings_for(server.url(server.create_database())));
    constexpr int batches = 60;
    std::atomic<int> done{0};
    {
        const std::jthread writer([&] {
            for (int number = 0; number < batches; ++number) {
                append_at_last(storage->ledger(), batch_of(number));
                done = number + 1;
            }
        });
        for (const int at : {5, 20, 35}) {
            ASSERT_TRUE(eventually([&] { return done >= at; }, std::chrono::seconds(60)));
            server.kill();
            server.start();
        }
    }
    expect_right_books(storage->ledger(), 10L * batches);
}

TEST(PostgresOutage, TwoNodesMakeTheTableOfAMonthAtOnce) {
    PostgresServer& server = PostgresServer::shared();
    const std::string name = server.create_database();
    const auto settings = settings_for(server.url(name));
    const auto one = open(settings);
    const auto other = open(settings);
    const auto append = [](PostgresStorage& storage, const std::string& node) {
        for (int month = 1; month <= 12; ++month) {
            auto event = event_of(node + std::to_string(month));
            event.day = std::chrono::local_days(std::chrono::year(2025) / month / 1);
            event.started_at = base::WallTime(event.day.time_since_epoch()) + std::chrono::hours(12);
            const auto appended = storage.ledger().append(std::vector{event});
            EXPECT_TRUE(appended.has_value()) << appended.error().message;
        }
    };
    {
        const std::jthread beside([&] { append(*other, "other_"); });
        append(*one, "one_");
    }
    expect_right_books(one->ledger(), 24);
    EXPECT_EQ(one->ledger().forget_before(domain::parse_day("2025-07-02").value()).value(), 14U);
    const std::string tables = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'usage_events'::regclass";
    EXPECT_EQ(server.execute(name, tables), "6") << "whole months are dropped";
    const auto report = one->ledger().verify();
    EXPECT_EQ(report->differences, std::vector<std::string>());
    EXPECT_EQ(report->events, 10U);
    EXPECT_TRUE(other->ledger().append(std::vector{event_of("back")}).has_value());
}

TEST(PostgresOutage, AStoppedServerIsAnErrorAtOnceAndUsedAgainWhenItIsBack) {
    PostgresServer server;
    const auto storage = open(settings_for(server.url(server.create_database())));
    server.stop();
    const auto refused = storage->keys().changes_since(0);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, base::ErrorCode::storage_unavailable);
    EXPECT_EQ(refused.error().retry, base::Retry::maybe);
    server.start();
    EXPECT_TRUE(eventually([&] { return is_reachable(*storage); }));
}

TEST(PostgresOutage, ARestartBetweenTwoQuestionsIsNotNoticed) {
    PostgresServer server;
    const auto storage = open(settings_for(server.url(server.create_database())));
    ASSERT_TRUE(is_reachable(*storage));
    server.stop();
    server.start();
    EXPECT_TRUE(is_reachable(*storage)) << "the old connection is found dead before it is used";
}

TEST(PostgresOutage, AFrozenServerIsGivenUpWithinTheTimeout) {
    PostgresServer server;
    auto settings = settings_for(server.url(server.create_database()));
    settings.timeout = milliseconds(500);
    const auto storage = open(settings);
    ASSERT_TRUE(is_reachable(*storage));
    server.send_to_all(SIGSTOP);
    for (int round = 0; round < 2; ++round) { // on an open connection, then on a new one
        const auto begin = std::chrono::steady_clock::now();
        const auto answer = storage->keys().find_by_secret(base::sha256("secret"));
        const auto time = std::chrono::steady_clock::now() - begin;
        ASSERT_FALSE(answer.has_value());
        EXPECT_EQ(answer.error().code, base::ErrorCode::storage_unavailable) << answer.error().message;
        EXPECT_LT(time, std::chrono::seconds(5));
    }
    EXPECT_FALSE(storage->ledger().append(batch_of(1)).has_value());
    server.send_to_all(SIGCONT);
    append_at_last(storage->ledger(), batch_of(1));
    expect_right_books(storage->ledger(), 10);
}

TEST(PostgresOutage, WhileNothingAnswersOnlyOneCallerAtATimeTries) {
    PostgresServer server;
    const auto storage = open(settings_for(server.url(server.create_database())));
    server.stop();
    ASSERT_FALSE(is_reachable(*storage));
    // A storm of questions is refused without a connection attempt each: it takes no time at all.
    const auto begin = std::chrono::steady_clock::now();
    for (int round = 0; round < 10'000; ++round) ASSERT_FALSE(is_reachable(*storage));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
    server.start();
    EXPECT_TRUE(eventually([&] { return is_reachable(*storage); }));
}

TEST(PostgresOutage, SharesTheConnectionsThatAFullServerLeavesIt) {
    PostgresServer server({"max_connections=5", "superuser_reserved_connections=0"});
    auto settings = settings_for(server.url(server.create_database()));
    const auto storage = open(settings);
    const pqxx::connection hog_a(server.url("postgres"));
    const pqxx::connection hog_b(server.url("postgres"));
    const pqxx::connection hog_c(server.url("postgres"));
    std::atomic<int> failed{0};
    {
        std::vector<std::jthread> threads;
        for (int number = 0; number < 8; ++number) {
            threads.emplace_back([&, number] {
                for (int round = 0; round < 10; ++round) {
                    failed += storage->ledger().append(batch_of(100 * number + round)).has_value() ? 0 : 1;
                }
            });
        }
    }
    EXPECT_EQ(failed, 0);
    expect_right_books(storage->ledger(), 800);
}

TEST(PostgresOutage, FollowsAFailoverToTheStandby) {
    PostgresServer primary({"synchronous_commit=on"});
    const std::string name = primary.create_database();
    ASSERT_TRUE(PostgresStorage::open(settings_for(primary.url(name)), Migrate::apply).has_value());
    const auto standby = PostgresServer::standby_of(primary);
    // The standby first, so that it has to be recognised and passed over.
    const auto storage =
        open(settings_for("postgresql://postgres@/" + name + "?host=" + standby->directory().string() + "," +
                          primary.directory().string()));
    append_at_last(storage->ledger(), batch_of(1));
    const auto place = storage->keys().changes_since(0).value();
    EXPECT_TRUE(eventually([&] {
        return standby->execute(name, "SELECT count(*) FROM usage_events") == "10";
    })) << "replicated";
    primary.stop();
    EXPECT_FALSE(storage->ledger().append(batch_of(2)).has_value()) << "nobody takes writes";
    standby->execute("postgres", "SELECT pg_promote()");
    append_at_last(storage->ledger(), batch_of(2));
    expect_right_books(storage->ledger(), 20);
    EXPECT_FALSE(storage->keys().changes_since(place.last_sequence).value().complete)
        << "numbers of changes may stand for other changes on the new timeline";
}

TEST(PostgresOutage, AServerThatTurnedReadOnlyIsLeftForAnother) {
    PostgresServer server;
    const std::string name = server.create_database();
    const auto storage = open(settings_for(server.url(name)));
    server.execute(name, "ALTER DATABASE " + name + " SET default_transaction_read_only = on");
    server.execute("postgres",
                   "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
    const auto refused = storage->ledger().append(batch_of(1));
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().message.find("standby"), std::string::npos) << refused.error().message;
    server.execute("postgres", "ALTER DATABASE " + name + " RESET default_transaction_read_only");
    append_at_last(storage->ledger(), batch_of(1));
    expect_right_books(storage->ledger(), 10);
}

} // namespace tollgate::storage
