// Keys as rows of api_keys: the columns in one order, read and written here alone. Used within the work of a
// Database; throws std::exception.
#pragma once

#include "storage/postgres/connection.hpp"
#include "tollgate/domain/key.hpp"

namespace tollgate::storage::postgres {

/// The columns that read_key expects first, of api_keys under the name k.
inline constexpr std::string_view key_columns =
    "k.id, k.account_id, k.name, k.prefix, k.suffix, k.state, k.expires_at, k.rate_limit, k.token_limit, "
    "k.concurrency, k.budget_micros, k.budget_period, k.models, k.ip_allow, k.on_disconnect, k.metadata, "
    "k.generation, k.created_at";
inline constexpr int key_column_count = 18;

domain::ApiKey read_key(const Rows& row);
enum class Lock { none, row };

std::optional<domain::ApiKey> find_key(Connection& connection, const base::KeyId& id, Lock lock);
void insert_key(Connection& connection, const domain::ApiKey& key);

/// Writes every column but id, account and creation.
void update_key(Connection& connection, const domain::ApiKey& key);

} // namespace tollgate::storage::postgres
