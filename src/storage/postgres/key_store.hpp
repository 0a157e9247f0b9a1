// Keys in PostgreSQL. Owned by PostgresStorage; any thread.
#pragma once

#include "storage/postgres/change_bell.hpp"
#include "storage/postgres/database.hpp"
#include "tollgate/ports/key_store.hpp"

#include <mutex>
#include <string>

namespace tollgate::storage::postgres {

class PostgresKeyStore final : public ports::KeyStore {
public:
    explicit PostgresKeyStore(Database& database) : database_(database), bell_(database.settings()) {}

    base::Result<std::optional<domain::KeyRecord>> find_by_secret(const base::Digest& secret) override;
    base::Result<std::optional<domain::ApiKey>> find(const base::KeyId& id) override;
    base::Result<ports::KeyPage> list(const ports::KeyFilter& filter) override;
    base::Result<void> create(const domain::ApiKey& key, const base::Digest& secret) override;
    base::Result<domain::ApiKey> update(const base::KeyId& id, const domain::KeyPatch& patch) override;
    base::Result<domain::ApiKey> rotate(const ports::Rotation& rotation) override;
    base::Result<ports::KeyChanges> changes_since(std::uint64_t sequence) override;
    ports::Told await_change(std::chrono::milliseconds limit) override { return bell_.await(limit); }

private:
    bool is_new_timeline(const std::string& timeline);

    Database& database_;
    ChangeBell bell_;
    std::mutex mutex_;
    std::string timeline_; // guarded by mutex_: of the last answer
};

} // namespace tollgate::storage::postgres
