// Edits by other tools and other nodes: what the triggers of 0001_accounts_and_keys.sql are for, and how they
// are told.
#include "support/pgbouncer.hpp"
#include "support/postgres_server.hpp"
#include "tollgate/storage/postgres_storage.hpp"

#include <gtest/gtest.h>

#include <barrier>
#include <set>
#include <thread>

namespace tollgate::storage {

namespace {

using ports::Told;
using testing::Pgbouncer;
using testing::PostgresServer;

class PostgresChanges : public ::testing::Test {
protected:
    void SetUp() override {
        storage_ = open(PostgresServer::shared().url(name_));
        account_.id = base::AccountId("acc_1");
        account_.email = "a@example.org";
        ASSERT_TRUE(storage_->accounts().create(account_).has_value());
        domain::ApiKey key;
        key.id = base::KeyId("key_1");
        key.account_id = account_.id;
        key.name = "key";
        ASSERT_TRUE(storage_->keys().create(key, secret_).has_value());
        sequence_ = storage_->keys().changes_since(0).value().last_sequence;
    }

    static std::unique_ptr<PostgresStorage> open(const std::string& url,
                                                 std::optional<base::Secret> listen = {}) {
        return PostgresStorage::open({.url = base::Secret(url), .listen = std::move(listen)}, Migrate::apply)
            .value();
    }
    void edit_by_hand(const std::string& sql) { PostgresServer::shared().execute(name_, sql); }
    std::set<base::Digest> changes() {
        std::set<base::Digest> secrets;
        const auto changes = storage_->keys().changes_since(sequence_);
        EXPECT_TRUE(changes.value().complete);
        for (const auto& change : changes->changes) secrets.insert(change.secret);
        return secrets;
    }
    domain::KeyRecord record() { return storage_->keys().find_by_secret(secret_).value().value(); }

    const std::string name_ = PostgresServer::shared().create_database();
    const base::Digest secret_ = base::sha256("secret");
    ports::Account account_;
    std::unique_ptr<PostgresStorage> storage_;
    std::uint64_t sequence_ = 0;
};

} // namespace

TEST_F(PostgresChanges, AnEditOfAKeyIsSeenAndGrowsItsGeneration) {
    edit_by_hand("UPDATE api_keys SET state = 'revoked'");
    EXPECT_EQ(changes(), std::set{secret_});
    EXPECT_EQ(record().key.state, domain::KeyState::revoked);
    EXPECT_EQ(record().key.generation, 2U);
    edit_by_hand("UPDATE api_keys SET generation = 0");
    EXPECT_EQ(record().key.generation, 3U);
}

TEST_F(PostgresChanges, AnEditOfAnAccountOrASecretIsSeen) {
    edit_by_hand("SET search_path = pg_catalog; UPDATE public.accounts SET disabled = true");
    EXPECT_EQ(changes(), std::set{secret_});
    EXPECT_TRUE(record().account_disabled);
    sequence_ = storage_->keys().changes_since(0).value().last_sequence;
    edit_by_hand("UPDATE key_secrets SET expires_at = 1");
    EXPECT_EQ(changes(), std::set{secret_});
    sequence_ = storage_->keys().changes_since(0).value().last_sequence;
    edit_by_hand("DELETE FROM api_keys");
    EXPECT_EQ(changes(), std::set{secret_});
    EXPECT_FALSE(storage_->keys().find_by_secret(secret_).value().has_value());
}

TEST_F(PostgresChanges, ImpossibleValuesCannotBeWritten) {
    for (const char* sql : {"UPDATE api_keys SET state = 'paused'", "UPDATE api_keys SET models = '{}'",
                            "UPDATE key_secrets SET hash = '\\x00'", "UPDATE accounts SET role = 'root'",
                            "DELETE FROM accounts"}) {
        EXPECT_THROW(edit_by_hand(sql), std::exception) << sql;
    }
    edit_by_hand("UPDATE api_keys SET rate_limit = -5");
    EXPECT_EQ(storage_->keys().find_by_secret(secret_).error().code, base::ErrorCode::storage_unavailable);
}

TEST_F(PostgresChanges, AreKeptUpToABoundAndThenSaidToBeIncomplete) {
    edit_by_hand("SELECT note_key_change(decode(repeat('00', 32), 'hex')) FROM generate_series(1, 100005)");
    EXPECT_FALSE(storage_->keys().changes_since(sequence_).value().complete);
    const auto last = storage_->keys().changes_since(0).value().last_sequence;
    const auto kept = storage_->keys().changes_since(last - 99'999).value();
    EXPECT_TRUE(kept.complete);
    EXPECT_EQ(kept.changes.size(), 99'999U);
}

TEST_F(PostgresChanges, NoneIsMissedByWhoFollowsTheirNumbersWhileManyCommitAtOnce) {
    constexpr int writers = 6;
    constexpr int rounds = 40;
    std::set<base::Digest> expected;
    std::set<base::Digest> seen;
    for (int writer = 0; writer < writers; ++writer) {
        for (int round = 0; round < rounds; ++round) {
            expected.insert(base::sha256(std::to_string(writer) + "/" + std::to_string(round)));
        }
    }
    const auto follow = [&] {
        const auto changes = storage_->keys().changes_since(sequence_).value();
        EXPECT_TRUE(changes.complete);
        for (const auto& change : changes.changes) seen.insert(change.secret);
        sequence_ = changes.last_sequence;
    };
    {
        std::vector<std::jthread> threads;
        for (int writer = 0; writer < writers; ++writer) {
            threads.emplace_back([this, writer] {
                for (int round = 0; round < rounds; ++round) {
                    const std::string name = std::to_string(writer) + "/" + std::to_string(round);
                    domain::ApiKey key;
                    key.id = base::KeyId(name);
                    key.account_id = account_.id;
                    EXPECT_TRUE(storage_->keys().create(key, base::sha256(name)).has_value());
                }
            });
        }
        while (seen.size() < expected.size() / 2) follow();
    }
    follow();
    EXPECT_EQ(seen, expected);
}

TEST_F(PostgresChanges, AreToldAtOnce) {
    ports::KeyStore& keys = storage_->keys();
    EXPECT_EQ(keys.await_change(std::chrono::milliseconds(0)), Told::change) << "just connected";
    EXPECT_EQ(keys.await_change(std::chrono::milliseconds(1)), Told::nothing);
    edit_by_hand("UPDATE api_keys SET rate_limit = 5");
    EXPECT_EQ(keys.await_change(std::chrono::seconds(60)), Told::change);
    edit_by_hand("UPDATE accounts SET name = 'other'");
    EXPECT_EQ(keys.await_change(std::chrono::milliseconds(1)), Told::nothing);
}

TEST_F(PostgresChanges, AreToldAgainAfterTheConnectionBroke) {
    ports::KeyStore& keys = storage_->keys();
    EXPECT_EQ(keys.await_change(std::chrono::milliseconds(0)), Told::change);
    PostgresServer::shared().execute("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                                 "WHERE datname = '" +
                                                     name_ + "'");
    // The server's last words may come before the end of the connection: they are no change.
    Told told = keys.await_change(std::chrono::seconds(60));
    if (told == Told::nothing) told = keys.await_change(std::chrono::seconds(60));
    EXPECT_EQ(told, Told::never);
    for (int round = 0; round < 10'000 && told != Told::change; ++round) {
        told = keys.await_change(std::chrono::milliseconds(1));
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    EXPECT_EQ(told, Told::change) << "a change may have been missed meanwhile";
}

TEST_F(PostgresChanges, AreNotToldThroughAPoolerUnlessTheServerIsNamed) {
    const std::string pooled = Pgbouncer::shared().url(name_);
    EXPECT_EQ(open(pooled)->keys().await_change(std::chrono::seconds(60)), Told::never);
    const auto storage = open(pooled, base::Secret(PostgresServer::shared().url(name_)));
    EXPECT_EQ(storage->keys().await_change(std::chrono::milliseconds(0)), Told::change);
    edit_by_hand("UPDATE api_keys SET rate_limit = 5");
    EXPECT_EQ(storage->keys().await_change(std::chrono::seconds(60)), Told::change);
}

} // namespace tollgate::storage
