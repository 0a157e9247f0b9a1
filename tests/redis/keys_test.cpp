// Key records in Redis: what is filled, what is published with a change, and that an old record never comes
// back.
#include "support/redis_fixture.hpp"
#include "support/redis_server.hpp"
#include "support/task_runner.hpp"
#include "support/temporary_directory.hpp"
#include "tollgate/runtime/clock.hpp"
#include "tollgate/storage/redis_keys.hpp"
#include "tollgate/storage/sqlite_storage.hpp"

namespace tollgate::tests {

namespace {

using namespace std::chrono_literals;
using testing::RedisServer;

class Keys : public ::testing::Test {
protected:
    Keys() {
        share_.join(1);
        EXPECT_TRUE(
            storage_->accounts().create({.id = base::AccountId("acc_1"), .email = "a@b.c", .name = "a"}));
    }

    storage::RedisSettings settings() const {
        auto result = *storage::parse_redis_url("redis://" + server_.address());
        result.command_time = 5s;
        return result;
    }
    std::unique_ptr<ports::Storage> open() const {
        return storage::publish_changes(
            storage::SqliteStorage::open(directory_.path() / "keys.db", storage::Migrate::apply).value(),
            settings(), 5min);
    }

    domain::ApiKey create(const std::string& id, const std::string& secret) {
        domain::ApiKey key;
        key.id = base::KeyId(id);
        key.account_id = base::AccountId("acc_1");
        key.name = id;
        EXPECT_TRUE(storage_->keys().create(key, base::sha256(secret)));
        return key;
    }
    std::optional<ports::CachedRecord> find(const std::string& secret) {
        return run_task(worker_.loop(), share_.share().keys().find(base::sha256(secret)));
    }
    void fill(const std::string& secret, const ports::CachedRecord& found) {
        share_.share().keys().fill(base::sha256(secret), found);
        find("something else"); // the fill is before it in the pipeline
    }
    domain::KeyRecord read(const std::string& secret) {
        return storage_->keys().find_by_secret(base::sha256(secret)).value().value();
    }
    enum class Reading { cached, just_now };
    domain::Decision reserve(std::uint64_t generation, Reading reading = Reading::cached) {
        const domain::Demand demand{.id = base::new_request_id(base::WallTime{}),
                                    .key_id = base::KeyId("key_1"),
                                    .account_id = base::AccountId("acc_1"),
                                    .generation = generation,
                                    .is_just_read = reading == Reading::just_now,
                                    .rate_limit = 100,
                                    .lease = 60s,
                                    .now = runtime::steady_now()};
        return run_task(worker_.loop(), share_.quota().reserve(demand)).value();
    }

    RedisServer server_;
    testing::TemporaryDirectory directory_;
    std::unique_ptr<ports::Storage> storage_ = open();
    testing::TestWorker worker_;
    testing::RedisShareFixture share_{worker_.worker(), settings(), {}};
};

} // namespace

TEST_F(Keys, AreThereAsSoonAsTheyAreCreated) {
    EXPECT_FALSE(find("secret"));
    create("key_1", "secret");
    const auto found = find("secret");
    ASSERT_TRUE(found && found->record);
    EXPECT_EQ(*found->record, read("secret"));
}

TEST_F(Keys, AnUnknownKeyIsRememberedForAMomentAndGivesWayToARealOne) {
    fill("secret", {});
    const auto unknown = find("secret");
    ASSERT_TRUE(unknown);
    EXPECT_FALSE(unknown->record);
    create("key_1", "secret");
    EXPECT_TRUE(find("secret")->record);
}

TEST_F(Keys, ARevocationIsThereBeforeItIsAnsweredAndReservationsOfTheOldRecordAreStale) {
    create("key_1", "secret");
    const domain::KeyRecord old = read("secret");
    EXPECT_TRUE(std::holds_alternative<domain::Grant>(reserve(old.key.generation, Reading::just_now)));
    EXPECT_TRUE(std::holds_alternative<domain::Grant>(reserve(old.key.generation)));
    ASSERT_TRUE(storage_->keys().update(base::KeyId("key_1"), {.state = domain::KeyState::revoked}));
    EXPECT_EQ(find("secret")->record->key.state, domain::KeyState::revoked);
    EXPECT_TRUE(std::holds_alternative<domain::Stale>(reserve(old.key.generation)));
    fill("secret", {old}); // a reader who was slow
    EXPECT_EQ(find("secret")->record->key.state, domain::KeyState::revoked);
    fill("secret", {}); // and one who found nothing
    EXPECT_TRUE(find("secret")->record);
}

TEST_F(Keys, CountersThatWereLostTakeOnlyARecordThatWasJustRead) {
    create("key_1", "secret");
    const auto generation = read("secret").key.generation;
    EXPECT_TRUE(std::holds_alternative<domain::Grant>(reserve(generation, Reading::just_now)));
    EXPECT_TRUE(std::holds_alternative<domain::Grant>(reserve(generation)));
    server_.say({"FLUSHALL"});
    EXPECT_TRUE(std::holds_alternative<domain::Stale>(reserve(generation))); // it may have been revoked
    EXPECT_TRUE(std::holds_alternative<domain::Grant>(reserve(generation, Reading::just_now)));
    EXPECT_TRUE(std::holds_alternative<domain::Grant>(reserve(generation)));
}

TEST_F(Keys, ARotatedSecretIsGoneForGood) {
    create("key_1", "old");
    const domain::KeyRecord old = read("old");
    ASSERT_TRUE(storage_->keys().rotate(
        {.id = base::KeyId("key_1"), .secret = base::sha256("new"), .now = runtime::wall_now()}));
    ASSERT_TRUE(find("old"));
    EXPECT_FALSE(find("old")->record);
    fill("old", {old});
    EXPECT_FALSE(find("old")->record);
    EXPECT_EQ(find("new")->record->key.generation, old.key.generation + 1);
}

TEST_F(Keys, DisablingAnAccountTouchesEveryKeyOfIt) {
    create("key_1", "one");
    create("key_2", "two");
    ASSERT_TRUE(storage_->accounts().update(base::AccountId("acc_1"), {.disabled = true}));
    EXPECT_TRUE(find("one")->record->account_disabled);
    EXPECT_TRUE(find("two")->record->account_disabled);
    EXPECT_TRUE(std::holds_alternative<domain::Stale>(reserve(1)));
}

TEST_F(Keys, AnotherProcessPublishesToo) {
    create("key_1", "secret");
    const auto command_line = open();
    ASSERT_TRUE(command_line->keys().update(base::KeyId("key_1"), {.rate_limit = 3}));
    EXPECT_EQ(find("secret")->record->key.policy.rate_limit, 3U);
}

TEST_F(Keys, AChangeIsAnsweredWithoutRedisAfterAMoment) {
    create("key_1", "secret");
    server_.kill();
    const auto begun = runtime::steady_now();
    ASSERT_TRUE(storage_->keys().update(base::KeyId("key_1"), {.rate_limit = 3}));
    EXPECT_LT(runtime::steady_now() - begun, 20s);
    EXPECT_FALSE(find("secret")); // nobody is told anything wrong
}

} // namespace tollgate::tests
