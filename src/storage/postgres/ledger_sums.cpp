#include "storage/postgres/ledger_sums.hpp"

#include "storage/postgres/ledger_wallet.hpp"
#include "tollgate/domain/purse.hpp"

namespace tollgate::storage::postgres {

namespace {

constexpr Column day_columns[] = {
    {"account_id", "text"},      {"day", "text"},      {"key_id", "text"},
    {"model", "text"},           {"provider", "text"}, {"requests", "bigint"},
    {"failed", "bigint"},        {"input", "bigint"},  {"cached_input", "bigint"},
    {"cache_write", "bigint"},   {"output", "bigint"}, {"audio_input", "bigint"},
    {"audio_output", "bigint"},  {"images", "bigint"}, {"cost_micros", "bigint"},
    {"wallet_micros", "bigint"},
};

constexpr Column hour_columns[] = {
    {"account_id", "text"},     {"hour", "bigint"},          {"day", "text"},
    {"key_id", "text"},         {"model", "text"},           {"provider", "text"},
    {"requests", "bigint"},     {"failed", "bigint"},        {"input", "bigint"},
    {"cached_input", "bigint"}, {"cache_write", "bigint"},   {"output", "bigint"},
    {"audio_input", "bigint"},  {"audio_output", "bigint"},  {"images", "bigint"},
    {"cost_micros", "bigint"},  {"wallet_micros", "bigint"},
};

constexpr Column latency_columns[] = {
    {"account_id", "text"}, {"day", "text"},      {"key_id", "text"},  {"model", "text"},
    {"provider", "text"},   {"bucket", "bigint"}, {"calls", "bigint"}, {"total_ms", "bigint"},
};

constexpr Column account_columns[] = {
    {"account_id", "text"}, {"spent_micros", "bigint"}, {"requests", "bigint"}};

constexpr Column key_columns[] = {{"key_id", "text"},
                                  {"account_id", "text"},
                                  {"spent_micros", "bigint"},
                                  {"requests", "bigint"},
                                  {"last_used_at", "bigint"}};

constexpr Column purse_columns[] = {{"name", "text"}, {"spent_micros", "bigint"}};

/// INSERT INTO table AS t (…) SELECT * FROM unnest($1::text[], …)
std::string insert_into(std::string_view table, std::span<const Column> columns) {
    std::string names;
    std::string arrays;
    int number = 0;
    for (const Column& column : columns) {
        const std::string_view comma = number == 0 ? "" : ", ";
        names.append(comma).append(column.name);
        arrays.append(comma).append("$").append(std::to_string(++number));
        arrays.append("::").append(column.type).append("[]");
    }
    return "INSERT INTO " + std::string(table) + " AS t (" + names + ") SELECT * FROM unnest(" + arrays + ")";
}

/// The same, adding to rows that are there: the first `keys` columns name the row, the others are sums.
std::string add_sql(std::string_view table, std::span<const Column> columns, std::size_t keys) {
    std::string sql = insert_into(table, columns) + " ON CONFLICT (";
    for (std::size_t index = 0; index < keys; ++index) {
        sql.append(index == 0 ? "" : ", ").append(columns[index].name);
    }
    sql += ") DO UPDATE SET ";
    for (std::size_t index = keys; index < columns.size(); ++index) {
        const std::string name(columns[index].name);
        sql += (index == keys ? "" : ", ") + name + " = t." + name + " + EXCLUDED." + name;
    }
    return sql;
}

const std::string add_days = add_sql("usage_days", day_columns, 5);
const std::string add_hours = add_sql("usage_hours", hour_columns, 6);
const std::string add_latencies = add_sql("usage_latencies", latency_columns, 6);
const std::string add_accounts = add_sql("account_totals", account_columns, 1);
const std::string add_keys =
    insert_into("key_totals", key_columns) +
    " ON CONFLICT (key_id) DO UPDATE SET spent_micros = t.spent_micros + EXCLUDED.spent_micros, "
    "requests = t.requests + EXCLUDED.requests, last_used_at = greatest(t.last_used_at, "
    "EXCLUDED.last_used_at)";
const std::string add_purses = add_sql("purse_totals", purse_columns, 1) + " RETURNING name, spent_micros";

void add_totals(Connection& connection, const domain::LedgerBatch& batch) {
    Columns accounts;
    for (const auto& [id, total] : batch.accounts) accounts.add_row(id, total.spent, total.requests);
    connection.query(add_accounts, accounts);
    Columns keys;
    for (const auto& [id, total] : batch.keys) {
        keys.add_row(id, total.account_id, total.spent, total.requests, total.last_used_at);
    }
    connection.query(add_keys, keys);
}

std::vector<domain::PurseTotal> add_to_purses(Connection& connection, const domain::LedgerBatch& batch) {
    Columns purses;
    for (const auto& [name, spent] : batch.purses) purses.add_row(name, spent);
    auto rows = connection.query(add_purses, purses);
    std::vector<domain::PurseTotal> totals;
    while (rows.step()) totals.push_back({.name = rows.text(0), .spent = rows.money(1)});
    return totals;
}

void add_buckets(Connection& connection, const domain::LedgerBatch& batch) {
    const auto add = [](Columns& rows, const domain::BucketSums& sums, const auto&... key) {
        const domain::UsageSums& usage = sums.usage;
        rows.add_row(key..., usage.requests, usage.failed, usage.input, usage.cached_input, usage.cache_write,
                     usage.output, usage.audio_input, usage.audio_output, usage.images, usage.cost,
                     sums.wallet);
    };
    Columns days;
    for (const auto& [key, sums] : batch.days) {
        add(days, sums, key.account_id, domain::to_string(key.day), key.key_id, key.model, key.provider);
    }
    connection.query(add_days, days);
    Columns hours;
    for (const auto& [key, sums] : batch.hours) {
        add(hours, sums, key.account_id, key.hour, domain::to_string(key.day), key.key_id, key.model,
            key.provider);
    }
    connection.query(add_hours, hours);
    Columns latencies;
    for (const auto& [key, sum] : batch.latencies) {
        latencies.add_row(key.group.account_id, domain::to_string(key.group.day), key.group.key_id,
                          key.group.model, key.group.provider, key.bucket, sum.calls, sum.total_ms);
    }
    if (!latencies.empty()) connection.query(add_latencies, latencies);
}

} // namespace

std::string insert_sql(std::string_view table, std::span<const Column> columns) {
    return insert_into(table, columns);
}

base::Result<std::vector<domain::PurseTotal>> add_sums(Connection& connection,
                                                       const domain::LedgerBatch& batch) {
    if (batch.days.empty()) return std::vector<domain::PurseTotal>();
    add_totals(connection, batch);
    auto totals = add_to_purses(connection, batch);
    auto wallets = charge_wallets(connection, batch);
    if (!wallets) return wallets;
    for (domain::PurseTotal& total : *wallets) totals.push_back(std::move(total));
    add_buckets(connection, batch);
    return totals;
}

} // namespace tollgate::storage::postgres
