// Keys in SQLite. Owned by SqliteStorage; any thread.
#pragma once

#include "storage/sqlite/database.hpp"
#include "tollgate/ports/key_store.hpp"

namespace tollgate::storage::sqlite {

class SqliteKeyStore final : public ports::KeyStore {
public:
    explicit SqliteKeyStore(Database& database) : database_(database) {}

    base::Result<std::optional<domain::KeyRecord>> find_by_secret(const base::Digest& secret) override;
    base::Result<std::optional<domain::ApiKey>> find(const base::KeyId& id) override;
    base::Result<ports::KeyPage> list(const ports::KeyFilter& filter) override;
    base::Result<void> create(const domain::ApiKey& key, const base::Digest& secret) override;
    base::Result<domain::ApiKey> update(const base::KeyId& id, const domain::KeyPatch& patch) override;
    base::Result<domain::ApiKey> rotate(const ports::Rotation& rotation) override;
    base::Result<ports::KeyChanges> changes_since(std::uint64_t sequence) override;

private:
    Database& database_;
};

} // namespace tollgate::storage::sqlite
