// Edits by other tools and other processes: what the triggers of 0001_accounts_and_keys.sql are for.
#include "support/temporary_directory.hpp"
#include "tollgate/storage/sqlite_storage.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

namespace tollgate::storage {

namespace {

/// The sqlite3 tool as it comes: a plain connection without any of our pragmas.
void edit_by_hand(const std::filesystem::path& path, const std::string& sql) {
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &connection), SQLITE_OK);
    sqlite3_busy_timeout(connection, 5000);
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK)
        << (message != nullptr ? message : "");
    sqlite3_free(message);
    sqlite3_close(connection);
}

domain::ApiKey key_of(const ports::Account& account, const std::string& id) {
    domain::ApiKey key;
    key.id = base::KeyId(id);
    key.account_id = account.id;
    key.name = id;
    return key;
}

class SqliteHandEdit : public ::testing::Test {
protected:
    void SetUp() override {
        auto opened = SqliteStorage::open(path_, Migrate::apply);
        ASSERT_TRUE(opened.has_value()) << opened.error().message;
        storage_ = std::move(*opened);
        account_.id = base::AccountId("acc_1");
        account_.email = "a@example.org";
        ASSERT_TRUE(storage_->accounts().create(account_).has_value());
        ASSERT_TRUE(storage_->keys().create(key_of(account_, "key_1"), secret_).has_value());
        sequence_ = storage_->keys().changes_since(0).value().last_sequence;
    }

    std::set<base::Digest> changes() {
        std::set<base::Digest> secrets;
        const auto changes = storage_->keys().changes_since(sequence_);
        EXPECT_TRUE(changes.value().complete);
        for (const auto& change : changes->changes) secrets.insert(change.secret);
        return secrets;
    }
    domain::KeyRecord record() { return storage_->keys().find_by_secret(secret_).value().value(); }

    const testing::TemporaryDirectory directory_;
    const std::filesystem::path path_ = directory_.path() / "tollgate.db";
    const base::Digest secret_ = base::sha256("secret");
    ports::Account account_;
    std::unique_ptr<SqliteStorage> storage_;
    std::uint64_t sequence_ = 0;
};

} // namespace

TEST_F(SqliteHandEdit, OfAKeyIsSeenAndGrowsItsGeneration) {
    edit_by_hand(path_, "UPDATE api_keys SET state = 'revoked'");
    EXPECT_EQ(changes(), std::set{secret_});
    EXPECT_EQ(record().key.state, domain::KeyState::revoked);
    EXPECT_EQ(record().key.generation, 2U);
}

TEST_F(SqliteHandEdit, ThatLowersTheGenerationStillGrowsIt) {
    edit_by_hand(path_, "UPDATE api_keys SET generation = 0");
    EXPECT_EQ(record().key.generation, 2U);
}

TEST_F(SqliteHandEdit, OfAnAccountIsSeenForItsKeys) {
    edit_by_hand(path_, "UPDATE accounts SET disabled = 1");
    EXPECT_EQ(changes(), std::set{secret_});
    EXPECT_TRUE(record().account_disabled);
    EXPECT_EQ(record().key.generation, 2U);
}

TEST_F(SqliteHandEdit, ThatDeletesAKeyTakesItsSecretsWithIt) {
    edit_by_hand(path_, "DELETE FROM api_keys");
    EXPECT_EQ(changes(), std::set{secret_});
    EXPECT_FALSE(storage_->keys().find_by_secret(secret_).value().has_value());
}

TEST_F(SqliteHandEdit, ThatDeletesAnAccountIsSeenForItsKeys) {
    edit_by_hand(path_, "DELETE FROM accounts");
    EXPECT_EQ(changes(), std::set{secret_});
    EXPECT_FALSE(storage_->keys().find_by_secret(secret_).value().has_value());
}

TEST_F(SqliteHandEdit, OfASecretIsSeen) {
    edit_by_hand(path_, "UPDATE key_secrets SET expires_at = 1");
    EXPECT_EQ(changes(), std::set{secret_});
    edit_by_hand(path_, "DELETE FROM key_secrets");
    EXPECT_FALSE(storage_->keys().find_by_secret(secret_).value().has_value());
}

TEST_F(SqliteHandEdit, CannotWriteAStateThatDoesNotExist) {
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &connection), SQLITE_OK);
    for (const char* sql : {"UPDATE api_keys SET state = 'paused'", "UPDATE api_keys SET models = '[x'",
                            "UPDATE key_secrets SET hash = x'00'", "UPDATE accounts SET role = 'root'"}) {
        EXPECT_EQ(sqlite3_exec(connection, sql, nullptr, nullptr, nullptr), SQLITE_CONSTRAINT) << sql;
    }
    sqlite3_close(connection);
}

TEST_F(SqliteHandEdit, ThatLeavesAnUnreadableRowIsAnErrorNotAKey) {
    edit_by_hand(path_, "UPDATE api_keys SET rate_limit = -5");
    const auto record = storage_->keys().find_by_secret(secret_);
    ASSERT_FALSE(record.has_value());
    EXPECT_EQ(record.error().code, base::ErrorCode::storage_unavailable);
    edit_by_hand(path_, "UPDATE api_keys SET rate_limit = 5, models = '{\"a\": 1}'");
    EXPECT_FALSE(storage_->keys().find_by_secret(secret_).has_value());
}

TEST_F(SqliteHandEdit, ChangesAreKeptUpToABoundAndThenSaidToBeIncomplete) {
    edit_by_hand(path_, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100005) "
                        "INSERT INTO key_changes (hash) SELECT zeroblob(32) FROM n");
    const auto old_place = storage_->keys().changes_since(sequence_).value();
    EXPECT_FALSE(old_place.complete);
    EXPECT_TRUE(old_place.changes.empty());
    EXPECT_EQ(old_place.last_sequence, sequence_ + 100'005);
    const auto kept = storage_->keys().changes_since(old_place.last_sequence - 100'000).value();
    EXPECT_TRUE(kept.complete);
    EXPECT_EQ(kept.changes.size(), 100'000U);
}

TEST_F(SqliteHandEdit, OfTheChangesThemselvesMeansForgetEverything) {
    edit_by_hand(path_, "UPDATE api_keys SET rate_limit = 1; UPDATE api_keys SET rate_limit = 2; DELETE FROM "
                        "key_changes WHERE sequence = (SELECT max(sequence) FROM key_changes)");
    EXPECT_FALSE(storage_->keys().changes_since(sequence_).value().complete);
}

TEST_F(SqliteHandEdit, AnotherProcessMayWriteWhileThisOneDoes) {
    storage_.reset(); // no connection may live across fork()
    constexpr int keys_per_process = 40;
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    auto storage = SqliteStorage::open(path_, Migrate::refuse);
    bool all_written = storage.has_value();
    const std::string name = child == 0 ? "child_" : "parent_";
    for (int i = 0; all_written && i < keys_per_process; ++i) {
        const std::string id = name + std::to_string(i);
        all_written = (*storage)->keys().create(key_of(account_, id), base::sha256(id)).has_value();
    }
    if (child == 0) _exit(all_written ? 0 : 1);

    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    EXPECT_TRUE(all_written);
    EXPECT_EQ((*storage)->keys().list({.limit = 1000}).value().keys.size(), 1U + 2 * keys_per_process);
    EXPECT_EQ((*storage)->keys().changes_since(sequence_).value().changes.size(), 2U * keys_per_process);
}

} // namespace tollgate::storage
