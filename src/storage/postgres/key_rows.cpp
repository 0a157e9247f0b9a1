#include "storage/postgres/key_rows.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <utility>

namespace tollgate::storage::postgres {

namespace {

[[noreturn]] void refuse_row(const std::string& column) {
    throw std::runtime_error("a stored key has an unreadable " + column);
}

template <class Value>
Value require(base::Result<Value> value, const char* column) {
    if (!value) refuse_row(column);
    return *value;
}

std::uint32_t read_count(std::int64_t value, const char* column) {
    if (!std::in_range<std::uint32_t>(value)) refuse_row(column);
    return static_cast<std::uint32_t>(value);
}

std::optional<std::uint32_t> read_optional_count(const Rows& row, int index, const char* column) {
    if (row.is_null(index)) return std::nullopt;
    return read_count(row.integer(index), column);
}

std::optional<std::uint64_t> read_optional_amount(const Rows& row, int index, const char* column) {
    const auto value = row.optional_integer(index);
    if (value && *value < 0) refuse_row(column);
    return value;
}

/// nlohmann's exceptions leave as they are: Database turns every std::exception into an Error.
template <class Value>
Value read_json(const Rows& row, int column) {
    return nlohmann::json::parse(row.text(column)).get<Value>();
}

template <class Value>
std::string to_json(const Value& value) {
    return nlohmann::json(value).dump();
}

} // namespace

domain::ApiKey read_key(const Rows& row) {
    domain::ApiKey key;
    key.id = base::KeyId(row.text(0));
    key.account_id = base::AccountId(row.text(1));
    key.name = row.text(2);
    key.prefix = row.text(3);
    key.suffix = row.text(4);
    key.state = require(domain::parse_key_state(row.text(5)), "state");
    key.expires_at = row.optional_time(6);
    key.policy.rate_limit = read_count(row.integer(7), "rate_limit");
    key.policy.token_limit = read_optional_amount(row, 8, "token_limit");
    key.policy.concurrency = read_optional_count(row, 9, "concurrency");
    key.policy.budget = row.optional_money(10);
    key.policy.budget_period = require(domain::parse_budget_period(row.text(11)), "budget_period");
    key.policy.models = read_json<std::vector<std::string>>(row, 12);
    key.policy.ip_allow = read_json<std::vector<std::string>>(row, 13);
    key.policy.on_disconnect = require(domain::parse_on_disconnect(row.text(14)), "on_disconnect");
    key.metadata = read_json<std::map<std::string, std::string>>(row, 15);
    key.generation = static_cast<std::uint64_t>(row.integer(16));
    key.created_at = row.time(17);
    return key;
}

std::optional<domain::ApiKey> find_key(Connection& connection, const base::KeyId& id, Lock lock) {
    static const std::string sql =
        "SELECT " + std::string(key_columns) + " FROM api_keys AS k WHERE k.id = $1";
    auto rows = connection.query(lock == Lock::row ? sql + " FOR UPDATE" : sql, id);
    if (!rows.step()) return std::nullopt;
    return read_key(rows);
}

void insert_key(Connection& connection, const domain::ApiKey& key) {
    const domain::Policy& policy = key.policy;
    connection.query(
        "INSERT INTO api_keys (id, account_id, name, prefix, suffix, state, expires_at, rate_limit, "
        "token_limit, concurrency, budget_micros, budget_period, models, ip_allow, on_disconnect, metadata, "
        "generation, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
        "$16, $17, $18)",
        key.id, key.account_id, key.name, key.prefix, key.suffix, domain::to_string(key.state),
        key.expires_at, policy.rate_limit, policy.token_limit, policy.concurrency, policy.budget,
        domain::to_string(policy.budget_period), to_json(policy.models), to_json(policy.ip_allow),
        domain::to_string(policy.on_disconnect), to_json(key.metadata), key.generation, key.created_at);
}

void update_key(Connection& connection, const domain::ApiKey& key) {
    const domain::Policy& policy = key.policy;
    connection.query("UPDATE api_keys SET name = $2, prefix = $3, suffix = $4, state = $5, expires_at = $6, "
                     "rate_limit = $7, token_limit = $8, concurrency = $9, budget_micros = $10, "
                     "budget_period = $11, models = $12, ip_allow = $13, on_disconnect = $14, "
                     "metadata = $15, generation = $16 WHERE id = $1",
                     key.id, key.name, key.prefix, key.suffix, domain::to_string(key.state), key.expires_at,
                     policy.rate_limit, policy.token_limit, policy.concurrency, policy.budget,
                     domain::to_string(policy.budget_period), to_json(policy.models),
                     to_json(policy.ip_allow), domain::to_string(policy.on_disconnect), to_json(key.metadata),
                     key.generation);
}

} // namespace tollgate::storage::postgres
