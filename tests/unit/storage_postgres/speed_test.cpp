// How fast batches go into the books, and how much room they take. Prints figures; the bound is far below
// them, so that it holds on a busy machine with unoptimised code and finds a statement per row.
#include "support/postgres_server.hpp"
#include "tollgate/domain/purse.hpp"
#include "tollgate/storage/postgres_storage.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <random>

namespace tollgate::storage {

namespace {

/// As a gateway with 200 keys of 50 accounts writes them, within two hours.
domain::UsageEvent event_of(std::mt19937& random) {
    const auto key = random() % 200;
    domain::UsageEvent event;
    event.request_id = base::new_request_id(base::WallTime{});
    event.client_request_id = event.request_id.text();
    event.key_id = base::KeyId("key_" + std::to_string(1'000'000'000'000'000 + key));
    event.account_id = base::AccountId("acc_" + std::to_string(1'000'000'000'000'000 + key % 50));
    event.day = domain::parse_day("2026-11-23").value();
    event.endpoint = "chat.completions";
    event.model = "openai/gpt-4o-mini";
    event.upstream_model = "gpt-4o-mini";
    event.provider = "openai";
    event.status = 200;
    event.outcome = "completed";
    event.usage = {.input = random() % 4000, .output = random() % 1000};
    event.cost = base::Money::of_micros(random() % 1'000'000);
    event.bound = base::Money::of_micros(1'000'000);
    event.currency = "INR";
    event.usd_rate = "88.00";
    event.price_version = "2026-11-01";
    event.started_at =
        base::parse_rfc3339("2026-11-23T09:00:00Z").value() + std::chrono::seconds(random() % 7200);
    event.ended_at = event.started_at + std::chrono::seconds(2);
    event.wallet = domain::WalletUse::charged;
    event.node = "node-1";
    return event;
}

} // namespace

TEST(PostgresSpeed, CountsABatchWithAFewStatements) {
    testing::PostgresServer server({"synchronous_commit=on", "fsync=on"});
    const std::string name = server.create_database();
    const auto storage =
        PostgresStorage::open({.url = base::Secret(server.url(name)), .timeout = std::chrono::seconds(60)},
                              Migrate::apply)
            .value();
    std::mt19937 random(1);
    constexpr int batches = 20;
    constexpr int batch_size = 500;
    std::chrono::nanoseconds time{0};
    for (int number = 0; number < batches; ++number) {
        std::vector<domain::UsageEvent> batch;
        for (int index = 0; index < batch_size; ++index) batch.push_back(event_of(random));
        const auto begin = std::chrono::steady_clock::now();
        ASSERT_TRUE(storage->ledger().append(batch).has_value());
        time += std::chrono::steady_clock::now() - begin;
    }
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
    const auto rate = 1000L * batches * batch_size / std::max<long>(milliseconds, 1);
    const std::string bytes =
        server.execute(name, "SELECT (sum(pg_total_relation_size(inhrelid)) / 10000)::integer FROM "
                             "pg_inherits WHERE inhparent = 'usage_events'::regclass");
    std::cout << rate << " events a second in batches of " << batch_size << ", " << bytes
              << " bytes an event with its indexes\n";
}

} // namespace tollgate::storage
