// What every KeyStore adapter promises. Parameterised with a factory of empty stores; each adapter
// instantiates it in a test file of its own. The property at the end compares random histories with a plain
// model.
#pragma once

#include "contract/accounts_contract.hpp"
#include "contract/key_store_model.hpp"
#include "contract/store_factory.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace tollgate::testing {

inline base::Digest digest_of(int number) {
    return base::sha256("secret " + std::to_string(number));
}

class KeyStoreContract : public ::testing::TestWithParam<StoreFactory> {
protected:
    void SetUp() override {
        stores_ = GetParam().open();
        account_ = make_account("owner@example.org");
        ASSERT_TRUE(accounts().create(account_).has_value());
    }
    ports::KeyStore& keys() { return stores_->keys(); }
    ports::Accounts& accounts() { return stores_->accounts(); }
    const ports::Account& account() const { return account_; }

    domain::ApiKey make_key(const std::string& id) const {
        domain::ApiKey key;
        key.id = base::KeyId(id);
        key.account_id = account_.id;
        key.name = "name of " + id;
        key.prefix = "sk-0123";
        key.suffix = "cdef";
        key.created_at = created_;
        return key;
    }

    domain::ApiKey created_key(const std::string& id, int secret) {
        auto key = make_key(id);
        const auto created = keys().create(key, digest_of(secret));
        EXPECT_TRUE(created.has_value()) << created.error().message;
        return key;
    }

    /// The secrets that changed after `sequence`; fails when the store says that some are missing.
    std::set<base::Digest> changed_since(std::uint64_t sequence) {
        const auto changes = keys().changes_since(sequence);
        EXPECT_TRUE(changes.value().complete);
        std::set<base::Digest> secrets;
        for (const auto& change : changes->changes) secrets.insert(change.secret);
        return secrets;
    }
    std::uint64_t last_sequence() { return keys().changes_since(0).value().last_sequence; }

    static constexpr base::WallTime created_{std::chrono::microseconds(1'700'000'000'123'456)};

private:
    std::unique_ptr<Stores> stores_;
    ports::Account account_;
};

TEST_P(KeyStoreContract, GivesBackEveryFieldAsItWasWritten) {
    domain::ApiKey key = make_key("key_full");
    key.name = "Zoë's \"key\"";
    key.state = domain::KeyState::disabled;
    key.expires_at = base::WallTime(std::chrono::microseconds(1'900'000'000'000'001));
    key.policy.rate_limit = 10'000;
    key.policy.token_limit = 1'000'000'000'000;
    key.policy.concurrency = 7;
    key.policy.budget = base::Money::maximum();
    key.policy.budget_period = domain::BudgetPeriod::monthly;
    key.policy.models = {"openai/gpt-*", "claude-*"};
    key.policy.ip_allow = {"10.0.0.0/8", "2001:db8::/32"};
    key.policy.on_disconnect = domain::OnDisconnect::drain;
    key.metadata = {{"team", "rot \"1\""}, {"ключ", "\\"}};
    ASSERT_TRUE(keys().create(key, digest_of(1)).has_value());

    EXPECT_EQ(keys().find(key.id).value(), key);
    const auto record = keys().find_by_secret(digest_of(1)).value();
    ASSERT_TRUE(record.has_value());
    EXPECT_EQ(record->key, key);
    EXPECT_FALSE(record->account_disabled);
    EXPECT_FALSE(record->account_concurrency.has_value());
    EXPECT_FALSE(record->secret_expires_at.has_value());
}

TEST_P(KeyStoreContract, FindsNothingForWhatIsNotThere) {
    EXPECT_FALSE(keys().find(base::KeyId("key_none")).value().has_value());
    EXPECT_FALSE(keys().find_by_secret(digest_of(1)).value().has_value());
    EXPECT_TRUE(keys().list({}).value().keys.empty());
    EXPECT_EQ(keys().update(base::KeyId("key_none"), {}).error().code, base::ErrorCode::not_found);
    const ports::Rotation rotation{.id = base::KeyId("key_none"), .secret = digest_of(1)};
    EXPECT_EQ(keys().rotate(rotation).error().code, base::ErrorCode::not_found);
}

TEST_P(KeyStoreContract, RefusesAnIdOrASecretTwiceAndAnUnknownAccount) {
    created_key("key_a", 1);
    EXPECT_EQ(keys().create(make_key("key_a"), digest_of(2)).error().code, base::ErrorCode::already_exists);
    EXPECT_EQ(keys().create(make_key("key_b"), digest_of(1)).error().code, base::ErrorCode::already_exists);
    auto orphan = make_key("key_c");
    orphan.account_id = base::AccountId("acc_none");
    EXPECT_EQ(keys().create(orphan, digest_of(3)).error().code, base::ErrorCode::not_found);
    EXPECT_EQ(keys().list({}).value().keys.size(), 1U);
    EXPECT_FALSE(keys().find_by_secret(digest_of(2)).value().has_value());
    EXPECT_FALSE(keys().find_by_secret(digest_of(3)).value().has_value());
}

TEST_P(KeyStoreContract, AnUpdateChangesWhatThePatchNamesAndGrowsTheGeneration) {
    auto key = created_key("key_a", 1);
    domain::KeyPatch patch;
    patch.name = "renamed";
    patch.budget.emplace(base::Money::of_micros(1));
    patch.state = domain::KeyState::disabled;
    const auto updated = keys().update(key.id, patch);

    key.name = "renamed";
    key.policy.budget = base::Money::of_micros(1);
    key.state = domain::KeyState::disabled;
    key.generation = 2;
    EXPECT_EQ(updated.value(), key);
    EXPECT_EQ(keys().find_by_secret(digest_of(1)).value()->key, key);
}

TEST_P(KeyStoreContract, RevokedIsFinal) {
    const auto key = created_key("key_a", 1);
    domain::KeyPatch revoke;
    revoke.state = domain::KeyState::revoked;
    ASSERT_TRUE(keys().update(key.id, revoke).has_value());
    domain::KeyPatch enable;
    enable.state = domain::KeyState::active;
    EXPECT_EQ(keys().update(key.id, enable).error().code, base::ErrorCode::conflict);
    const ports::Rotation rotation{.id = key.id, .secret = digest_of(2)};
    EXPECT_EQ(keys().rotate(rotation).error().code, base::ErrorCode::conflict);
    const auto record = keys().find_by_secret(digest_of(1)).value();
    ASSERT_TRUE(record.has_value()) << "so that the caller is told revoked_key, not invalid_key";
    EXPECT_EQ(record->key.state, domain::KeyState::revoked);
}

TEST_P(KeyStoreContract, ARotatedSecretWorksUntilItsGraceEnds) {
    const auto key = created_key("key_a", 1);
    const base::WallTime now = created_ + std::chrono::hours(1);
    const auto rotated = keys().rotate({.id = key.id,
                                        .secret = digest_of(2),
                                        .prefix = "sk-new1",
                                        .suffix = "wxyz",
                                        .now = now,
                                        .grace = std::chrono::seconds(60)});
    EXPECT_EQ(rotated.value().prefix, "sk-new1");
    EXPECT_EQ(rotated.value().suffix, "wxyz");
    EXPECT_EQ(rotated.value().generation, 2U);

    const auto old_record = keys().find_by_secret(digest_of(1)).value();
    const auto new_record = keys().find_by_secret(digest_of(2)).value();
    ASSERT_TRUE(old_record && new_record);
    EXPECT_EQ(old_record->secret_expires_at, now + std::chrono::seconds(60));
    EXPECT_FALSE(new_record->secret_expires_at.has_value());
    EXPECT_EQ(old_record->key, new_record->key);
}

TEST_P(KeyStoreContract, WithoutGraceARotatedSecretIsDeadAtOnce) {
    const auto key = created_key("key_a", 1);
    const ports::Rotation rotation{.id = key.id, .secret = digest_of(2), .now = created_};
    ASSERT_TRUE(keys().rotate(rotation).has_value());
    const auto record = keys().find_by_secret(digest_of(1)).value();
    EXPECT_TRUE(!record || !domain::check_usable(*record, created_).has_value());
}

TEST_P(KeyStoreContract, ALaterRotationNeverProlongsAnEarlierGrace) {
    const auto key = created_key("key_a", 1);
    using std::chrono::seconds;
    ASSERT_TRUE(keys().rotate({.id = key.id, .secret = digest_of(2), .now = created_, .grace = seconds(60)}));
    ASSERT_TRUE(
        keys().rotate({.id = key.id, .secret = digest_of(3), .now = created_, .grace = seconds(3600)}));
    EXPECT_EQ(keys().find_by_secret(digest_of(1)).value()->secret_expires_at, created_ + seconds(60));
    EXPECT_EQ(keys().find_by_secret(digest_of(2)).value()->secret_expires_at, created_ + seconds(3600));
}

TEST_P(KeyStoreContract, RotatingToAKnownSecretIsRefused) {
    const auto key = created_key("key_a", 1);
    created_key("key_b", 2);
    for (const int secret : {1, 2}) {
        const ports::Rotation rotation{.id = key.id, .secret = digest_of(secret), .now = created_};
        EXPECT_EQ(keys().rotate(rotation).error().code, base::ErrorCode::already_exists);
    }
    EXPECT_EQ(keys().find(key.id).value(), key);
}

TEST_P(KeyStoreContract, ARecordTellsWhatMattersOfTheAccount) {
    created_key("key_a", 1);
    const auto before = last_sequence();
    ports::AccountPatch patch;
    patch.disabled = true;
    patch.concurrency.emplace(9);
    ASSERT_TRUE(accounts().update(account().id, patch).has_value());
    const auto record = keys().find_by_secret(digest_of(1)).value();
    EXPECT_TRUE(record->account_disabled);
    EXPECT_EQ(record->account_concurrency, 9U);
    EXPECT_GT(record->key.generation, 1U) << "an older record must lose against this one";
    EXPECT_EQ(changed_since(before), std::set{digest_of(1)});
}

TEST_P(KeyStoreContract, AnAccountsNameIsNoChangeOfItsKeys) {
    created_key("key_a", 1);
    const auto before = last_sequence();
    ports::AccountPatch patch;
    patch.name = "other";
    patch.password_hash = "hash";
    ASSERT_TRUE(accounts().update(account().id, patch).has_value());
    EXPECT_EQ(last_sequence(), before);
}

TEST_P(KeyStoreContract, ListsNewestFirstInPagesThatMeetExactly) {
    std::vector<std::string> expected;
    for (int i = 0; i < 7; ++i) {
        auto key = make_key("key_" + std::to_string(i));
        key.created_at += std::chrono::seconds(i / 2); // two of an age: the id decides
        ASSERT_TRUE(keys().create(key, digest_of(i)).has_value());
        expected.insert(expected.begin(), key.id.text());
    }
    for (const std::size_t limit : {1U, 2U, 3U, 7U, 100U}) {
        std::vector<std::string> seen;
        ports::KeyFilter filter{.limit = limit};
        do {
            const auto page = keys().list(filter).value();
            EXPECT_LE(page.keys.size(), limit);
            for (const auto& key : page.keys) seen.push_back(key.id.text());
            filter.after = page.next;
        } while (filter.after);
        EXPECT_EQ(seen, expected) << "limit " << limit;
    }
}

TEST_P(KeyStoreContract, ListsInTheOrderThatIsAskedForInPagesThatMeetExactly) {
    const char* const names[] = {"delta", "Alpha", "charlie", "Bravo", "alpha"};
    for (unsigned i = 0; i < 5; ++i) {
        auto key = make_key("key_" + std::to_string(i));
        key.name = names[i];
        key.policy.rate_limit = 10 * ((i * 2) % 5 + 1); // 10 30 50 20 40
        key.expires_at.reset();
        if (i % 2 == 0) key.expires_at = key.created_at + std::chrono::hours(100 - i);
        ASSERT_TRUE(keys().create(key, digest_of(static_cast<int>(i))).has_value());
    }
    const auto listed = [&](ports::KeySort sort, ports::SortDirection direction, std::size_t limit) {
        std::string seen;
        ports::KeyFilter filter{.limit = limit, .sort = sort, .direction = direction};
        do {
            const auto page = keys().list(filter).value();
            for (const auto& key : page.keys) seen += key.id.text().back();
            filter.after = page.next;
        } while (filter.after);
        return seen;
    };
    using enum ports::KeySort;
    using enum ports::SortDirection;
    for (const std::size_t limit : {1U, 2U, 3U, 100U}) {
        EXPECT_EQ(listed(created, up, limit), "01234") << limit;
        EXPECT_EQ(listed(name, up, limit), "14320") << limit;
        EXPECT_EQ(listed(name, down, limit), "02341") << limit;
        EXPECT_EQ(listed(rate_limit, up, limit), "03142") << limit;
        EXPECT_EQ(listed(rate_limit, down, limit), "24130") << limit;
        EXPECT_EQ(listed(expires, up, limit), "42013") << limit;
        for (const auto unused : {spend, requests, last_used}) {
            EXPECT_EQ(listed(unused, up, limit), "01234") << limit;
            EXPECT_EQ(listed(unused, down, limit), "43210") << limit;
        }
    }
}

TEST_P(KeyStoreContract, ListsTheKeysOfOneAccount) {
    const auto other = make_account("other@example.org");
    ASSERT_TRUE(accounts().create(other).has_value());
    created_key("key_mine", 1);
    auto theirs = make_key("key_theirs");
    theirs.account_id = other.id;
    ASSERT_TRUE(keys().create(theirs, digest_of(2)).has_value());
    const auto page = keys().list({.account_id = other.id}).value();
    EXPECT_EQ(page.keys, std::vector{theirs});
    EXPECT_TRUE(keys().list({.account_id = base::AccountId("acc_none")}).value().keys.empty());
}

TEST_P(KeyStoreContract, EveryKindOfChangeIsReportedForTheSecretsItTouches) {
    auto at = last_sequence();
    const auto step = [&] { return std::exchange(at, last_sequence()); };
    const auto key = created_key("key_a", 1);
    EXPECT_EQ(changed_since(step()), std::set{digest_of(1)}) << "negative caches must forget";
    created_key("key_b", 5);
    step();

    domain::KeyPatch patch;
    patch.rate_limit = 2;
    ASSERT_TRUE(keys().update(key.id, patch).has_value());
    EXPECT_EQ(changed_since(step()), std::set{digest_of(1)});
    ASSERT_TRUE(keys().rotate(
        {.id = key.id, .secret = digest_of(2), .now = created_, .grace = std::chrono::seconds(60)}));
    EXPECT_EQ(changed_since(step()), (std::set{digest_of(1), digest_of(2)}));
    EXPECT_TRUE(changed_since(at).empty());
}

TEST_P(KeyStoreContract, RefusedChangesAreNotReported) {
    created_key("key_a", 1);
    const auto before = last_sequence();
    EXPECT_FALSE(keys().create(make_key("key_a"), digest_of(2)).has_value());
    EXPECT_FALSE(keys().update(base::KeyId("key_none"), {}).has_value());
    EXPECT_EQ(last_sequence(), before);
}

TEST_P(KeyStoreContract, AnUnknownPlaceInTheChangesMeansForgetEverything) {
    created_key("key_a", 1);
    const auto changes = keys().changes_since(1'000'000).value();
    EXPECT_FALSE(changes.complete);
    EXPECT_EQ(changes.last_sequence, last_sequence());
}

TEST_P(KeyStoreContract, RandomHistoriesAgreeWithAPlainModel) {
    for (std::uint32_t seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const auto owner = make_account("seed" + std::to_string(seed) + "@example.org");
        ASSERT_TRUE(accounts().create(owner).has_value());
        KeyStoreModel model;
        model.accounts[owner.id] = owner;
        KeyStoreHistory history(model, keys(), accounts(), seed);
        for (int i = 0; i < 150; ++i) {
            const auto before = last_sequence();
            const auto touched = history.step();
            const auto reported = changed_since(before);
            EXPECT_TRUE(std::ranges::includes(reported, touched)) << "step " << i;
        }
        history.compare_all();
    }
}

} // namespace tollgate::testing
