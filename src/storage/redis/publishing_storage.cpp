#include "tollgate/storage/redis_keys.hpp"

#include "storage/redis/key_publisher.hpp"
#include "tollgate/runtime/clock.hpp"

#include <semaphore>

namespace tollgate::storage {

namespace redis {

namespace {

using base::Result;

constexpr std::chrono::seconds following_time{1}; // within which every node has followed the database

/// A change on its way to whoever has to know of it before it is answered.
class Telling {
public:
    Telling(KeyPublisher& publisher, ports::KeyStore& keys)
        : publisher_(publisher), keys_(keys), position_(publisher.position(keys).value_or(0)) {}

    /// After the commit. Where Redis was not told all of it, every node hears of it from the database, and so
    /// long this waits. False: that cannot be relied on either.
    bool tell(const domain::ApiKey* changed = nullptr) {
        const base::SteadyTime committed = runtime::steady_now();
        if (publisher_.publish(keys_, position_, changed)) return true;
        std::binary_semaphore never{0}; // a bounded wait
        static_cast<void>(never.try_acquire_until(committed + following_time));
        return keys_.changes_since(position_).has_value();
    }

private:
    KeyPublisher& publisher_;
    ports::KeyStore& keys_;
    std::uint64_t position_;
};

std::unexpected<base::Error> not_everywhere() {
    return base::fail(base::ErrorCode::storage_unavailable, base::ErrorSource::storage,
                      "the change is saved, but not every node may know of it yet: repeat it to be sure");
}

class PublishingKeyStore final : public ports::KeyStore {
public:
    PublishingKeyStore(ports::KeyStore& inner, KeyPublisher& publisher)
        : inner_(inner), publisher_(publisher) {}

    Result<std::optional<domain::KeyRecord>> find_by_secret(const base::Digest& secret) override {
        return inner_.find_by_secret(secret);
    }
    Result<std::optional<domain::ApiKey>> find(const base::KeyId& id) override { return inner_.find(id); }
    Result<ports::KeyPage> list(const ports::KeyFilter& filter) override { return inner_.list(filter); }
    Result<void> create(const domain::ApiKey& key, const base::Digest& secret) override {
        Telling telling(publisher_, inner_);
        auto created = inner_.create(key, secret);
        if (created) telling.tell(); // that it is not known yet harms nobody
        return created;
    }
    Result<domain::ApiKey> update(const base::KeyId& id, const domain::KeyPatch& patch) override {
        Telling telling(publisher_, inner_);
        auto updated = inner_.update(id, patch);
        if (updated && !telling.tell(&*updated)) return not_everywhere();
        return updated;
    }
    Result<domain::ApiKey> rotate(const ports::Rotation& rotation) override {
        Telling telling(publisher_, inner_);
        auto rotated = inner_.rotate(rotation);
        if (rotated) telling.tell(&*rotated); // an error would lose the new secret
        return rotated;
    }
    Result<ports::KeyChanges> changes_since(std::uint64_t sequence) override {
        return inner_.changes_since(sequence);
    }
    ports::Told await_change(std::chrono::milliseconds limit) override { return inner_.await_change(limit); }

private:
    ports::KeyStore& inner_;
    KeyPublisher& publisher_;
};

class PublishingAccounts final : public ports::Accounts {
public:
    PublishingAccounts(ports::Storage& inner, KeyPublisher& publisher)
        : inner_(inner.accounts()), keys_(inner.keys()), publisher_(publisher) {}

    Result<std::optional<ports::Account>> find(const base::AccountId& id) override { return inner_.find(id); }
    Result<std::optional<ports::Account>> find_by_email(std::string_view email) override {
        return inner_.find_by_email(email);
    }
    Result<std::vector<ports::Account>> list() override { return inner_.list(); }
    Result<ports::AccountPage> page(const ports::AccountFilter& filter) override {
        return inner_.page(filter);
    }
    Result<void> create(const ports::Account& account) override { return inner_.create(account); }
    Result<ports::Role> create_first_as_admin(const ports::Account& account) override {
        return inner_.create_first_as_admin(account);
    }
    Result<ports::Account> update(const base::AccountId& id, const ports::AccountPatch& patch) override {
        Telling telling(publisher_, keys_);
        auto updated = inner_.update(id, patch);
        if (updated && !telling.tell()) return not_everywhere();
        return updated;
    }

private:
    ports::Accounts& inner_;
    ports::KeyStore& keys_;
    KeyPublisher& publisher_;
};

} // namespace

class PublishingStorage final : public ports::Storage {
public:
    PublishingStorage(std::unique_ptr<ports::Storage> inner, RedisSettings settings, RecordTimes times)
        : inner_(std::move(inner)),
          publisher_(std::move(settings), times),
          keys_(inner_->keys(), publisher_),
          accounts_(*inner_, publisher_) {}

    ports::KeyStore& keys() override { return keys_; }
    ports::Accounts& accounts() override { return accounts_; }
    ports::Ledger& ledger() override { return inner_->ledger(); }
    ports::Sessions& sessions() override { return inner_->sessions(); }
    ports::Invitations& invitations() override { return inner_->invitations(); }
    ports::Attempts& attempts() override { return inner_->attempts(); }
    ports::AuditLog& audit_log() override { return inner_->audit_log(); }
    ports::UsageReports& usage_reports() override { return inner_->usage_reports(); }
    ports::Fleet* fleet() override { return inner_->fleet(); }
    const std::vector<std::string>& applied_migrations() const override {
        return inner_->applied_migrations();
    }

private:
    std::unique_ptr<ports::Storage> inner_;
    KeyPublisher publisher_;
    PublishingKeyStore keys_;
    PublishingAccounts accounts_;
};

} // namespace redis

std::unique_ptr<ports::Storage> publish_changes(std::unique_ptr<ports::Storage> inner, RedisSettings settings,
                                                std::chrono::milliseconds record_time) {
    return std::make_unique<redis::PublishingStorage>(std::move(inner), std::move(settings),
                                                      redis::RecordTimes{.found = record_time});
}

} // namespace tollgate::storage
