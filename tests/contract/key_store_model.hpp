// A key store as plain maps, and random histories that are played to it and to a real store at once.
#pragma once

#include "tollgate/ports/accounts.hpp"
#include "tollgate/ports/key_store.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace tollgate::testing {

/// The plainest thing that keeps the promises of KeyStore.
struct KeyStoreModel {
    struct StoredSecret {
        base::KeyId key_id{};
        std::optional<base::WallTime> expires_at{};
    };
    std::map<base::AccountId, ports::Account> accounts{};
    std::map<base::KeyId, domain::ApiKey> keys{};
    std::map<base::Digest, StoredSecret> secrets{};

    std::set<base::Digest> secrets_of(const base::KeyId& id) const {
        std::set<base::Digest> found;
        for (const auto& [secret, stored] : secrets) {
            if (stored.key_id == id) found.insert(secret);
        }
        return found;
    }
};

class KeyStoreHistory {
public:
    KeyStoreHistory(KeyStoreModel& model, ports::KeyStore& keys, ports::Accounts& accounts,
                    std::uint32_t seed)
        : model_(model),
          keys_(keys),
          accounts_(accounts),
          random_(seed),
          prefix_("key_" + std::to_string(seed) + "_") {}

    /// Plays one random change; answers the secrets whose standing it must have changed.
    std::set<base::Digest> step() {
        now_ += std::chrono::seconds(pick(100));
        switch (pick(5)) {
        case 0: return create();
        case 1: return rotate();
        case 2: return change_account();
        default: return update();
        }
    }

    /// Every secret and key of the model is in the store as the model has it.
    void compare_all() {
        for (const auto& [id, key] : model_.keys) compare(keys_.find(id).value().value(), key);
        for (const auto& [secret, stored] : model_.secrets) {
            const auto record = keys_.find_by_secret(secret).value();
            if (stored.expires_at && *stored.expires_at <= now_ && !record) continue; // swept
            ASSERT_TRUE(record.has_value());
            const auto& key = model_.keys.at(stored.key_id);
            const auto& owner = model_.accounts.at(key.account_id);
            compare(record->key, key);
            EXPECT_EQ(record->secret_expires_at, stored.expires_at);
            EXPECT_EQ(record->account_disabled, owner.disabled);
            EXPECT_EQ(record->account_concurrency, owner.concurrency);
        }
    }

private:
    /// Equal but for the generation, which has grown at least as often as the model's.
    static void compare(domain::ApiKey actual, const domain::ApiKey& expected) {
        EXPECT_GE(actual.generation, expected.generation);
        actual.generation = expected.generation;
        EXPECT_EQ(actual, expected);
    }

    std::uint32_t pick(std::uint32_t choices) { return static_cast<std::uint32_t>(random_() % choices); }
    base::Digest fresh_secret() { return base::sha256(prefix_ + std::to_string(++serial_)); }
    base::KeyId some_key() { return base::KeyId(prefix_ + std::to_string(pick(6))); }

    std::set<base::Digest> create() {
        domain::ApiKey key;
        key.id = some_key();
        key.account_id = model_.accounts.begin()->first;
        key.name = "key " + std::to_string(pick(1000));
        key.policy.rate_limit = 1 + pick(1000);
        key.created_at = now_;
        const auto secret = fresh_secret();
        const auto created = keys_.create(key, secret);
        EXPECT_EQ(created.has_value(), !model_.keys.contains(key.id));
        if (!created) return {};
        model_.keys[key.id] = key;
        model_.secrets[secret] = {.key_id = key.id};
        return {secret};
    }

    domain::KeyPatch random_patch() {
        domain::KeyPatch patch;
        if (pick(3) == 0) patch.name = "renamed " + std::to_string(pick(1000));
        if (pick(3) == 0) patch.rate_limit = 1 + pick(1000);
        if (pick(3) == 0) patch.budget.emplace(base::Money::of_micros(pick(1000)));
        if (pick(4) == 0) patch.budget.emplace(std::nullopt);
        if (pick(3) == 0) patch.concurrency.emplace(1 + pick(9));
        if (pick(3) == 0) patch.expires_at.emplace(now_ + std::chrono::seconds(pick(1000)));
        if (pick(3) == 0) patch.models.emplace({"model-" + std::to_string(pick(9))});
        if (pick(3) == 0) patch.metadata = {{"n", std::to_string(pick(9))}};
        if (pick(3) == 0) patch.state = static_cast<domain::KeyState>(pick(2));
        if (pick(15) == 0) patch.state = domain::KeyState::revoked;
        return patch;
    }

    /// May the model's key change? If not, `refused` must say why.
    bool may_change(const base::KeyId& id, const base::Result<domain::ApiKey>& result) {
        const auto found = model_.keys.find(id);
        const bool there = found != model_.keys.end();
        const bool changeable = there && found->second.state != domain::KeyState::revoked;
        EXPECT_EQ(result.has_value(), changeable);
        if (!result) {
            EXPECT_EQ(result.error().code, there ? base::ErrorCode::conflict : base::ErrorCode::not_found);
        }
        return changeable && result;
    }

    std::set<base::Digest> update() {
        const auto id = some_key();
        const auto patch = random_patch();
        const auto updated = keys_.update(id, patch);
        if (!may_change(id, updated)) return {};
        auto& key = model_.keys[id];
        domain::apply_patch(key, patch);
        ++key.generation;
        compare(*updated, key);
        return live_secrets_of(id);
    }

    std::set<base::Digest> rotate() {
        const ports::Rotation rotation{.id = some_key(),
                                       .secret = fresh_secret(),
                                       .prefix = "sk-" + std::to_string(pick(9999)),
                                       .suffix = std::to_string(pick(9999)),
                                       .now = now_,
                                       .grace = std::chrono::seconds(pick(300))};
        const auto rotated = keys_.rotate(rotation);
        if (!may_change(rotation.id, rotated)) return {};
        const auto end = now_ + rotation.grace;
        for (auto& [secret, stored] : model_.secrets) {
            if (stored.key_id == rotation.id && stored.expires_at.value_or(base::WallTime::max()) > end) {
                stored.expires_at = end;
            }
        }
        model_.secrets[rotation.secret] = {.key_id = rotation.id};
        auto& key = model_.keys[rotation.id];
        key.prefix = rotation.prefix;
        key.suffix = rotation.suffix;
        ++key.generation;
        compare(*rotated, key);
        return live_secrets_of(rotation.id);
    }

    std::set<base::Digest> change_account() {
        auto& owner = model_.accounts.begin()->second;
        ports::AccountPatch patch;
        patch.disabled = pick(2) == 0;
        patch.concurrency.emplace(1 + pick(5));
        const bool matters = patch.disabled != owner.disabled || *patch.concurrency != owner.concurrency;
        EXPECT_TRUE(accounts_.update(owner.id, patch).has_value());
        owner.disabled = *patch.disabled;
        owner.concurrency = *patch.concurrency;
        std::set<base::Digest> touched;
        if (!matters) return touched;
        for (const auto& [id, key] : model_.keys) touched.merge(live_secrets_of(id));
        return touched;
    }

    /// Those that a store still has to know.
    std::set<base::Digest> live_secrets_of(const base::KeyId& id) const {
        auto secrets = model_.secrets_of(id);
        std::erase_if(secrets, [this](const base::Digest& secret) {
            const auto& expires_at = model_.secrets.at(secret).expires_at;
            return expires_at && *expires_at <= now_;
        });
        return secrets;
    }

    KeyStoreModel& model_;
    ports::KeyStore& keys_;
    ports::Accounts& accounts_;
    std::mt19937 random_;
    std::string prefix_;
    int serial_ = 0;
    base::WallTime now_{std::chrono::seconds(1'700'000'000)};
};

} // namespace tollgate::testing
