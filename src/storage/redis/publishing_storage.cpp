#include "tollgate/storage/redis_keys.hpp"

#include "storage/redis/key_publisher.hpp"

namespace tollgate::storage {

namespace redis {

namespace {

using base::Result;

/// Makes a change and tells of it before the change is answered.
template <class Change>
auto tell_after(KeyPublisher& publisher, ports::KeyStore& keys, Change change) {
    const auto position = publisher.position(keys);
    auto changed = change();
    if (changed) publisher.publish(keys, position.value_or(0));
    return changed;
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
        return tell_after(publisher_, inner_, [&] { return inner_.create(key, secret); });
    }
    Result<domain::ApiKey> update(const base::KeyId& id, const domain::KeyPatch& patch) override {
        return tell_after(publisher_, inner_, [&] { return inner_.update(id, patch); });
    }
    Result<domain::ApiKey> rotate(const ports::Rotation& rotation) override {
        return tell_after(publisher_, inner_, [&] { return inner_.rotate(rotation); });
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
        return tell_after(publisher_, keys_, [&] { return inner_.update(id, patch); });
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
