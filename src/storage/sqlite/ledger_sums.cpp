#include "storage/sqlite/ledger_sums.hpp"

#include "storage/sqlite/ledger_wallet.hpp"

namespace tollgate::storage::sqlite {

namespace {

constexpr std::string_view add_day =
    "INSERT INTO usage_days (account_id, day, key_id, model, provider, requests, failed, input, "
    "cached_input, "
    "cache_write, output, audio_input, audio_output, images, cost_micros, wallet_micros) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) "
    "ON CONFLICT (account_id, day, key_id, model, provider) DO UPDATE SET requests = requests + ?6, "
    "failed = failed + ?7, input = input + ?8, cached_input = cached_input + ?9, "
    "cache_write = cache_write + ?10, output = output + ?11, audio_input = audio_input + ?12, "
    "audio_output = audio_output + ?13, images = images + ?14, cost_micros = cost_micros + ?15, "
    "wallet_micros = wallet_micros + ?16";

constexpr std::string_view add_hour =
    "INSERT INTO usage_hours (account_id, day, key_id, model, provider, requests, failed, input, "
    "cached_input, cache_write, output, audio_input, audio_output, images, cost_micros, wallet_micros, hour) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) "
    "ON CONFLICT (account_id, hour, day, key_id, model, provider) DO UPDATE SET requests = requests + ?6, "
    "failed = failed + ?7, input = input + ?8, cached_input = cached_input + ?9, "
    "cache_write = cache_write + ?10, output = output + ?11, audio_input = audio_input + ?12, "
    "audio_output = audio_output + ?13, images = images + ?14, cost_micros = cost_micros + ?15, "
    "wallet_micros = wallet_micros + ?16";

void add_bucket(Connection& connection, const domain::BucketKey& key, const domain::BucketSums& sums) {
    const domain::UsageSums& usage = sums.usage;
    const auto fill = [&](Query& query, const auto&... last) {
        query.bind(key.account_id, domain::to_string(key.day), key.key_id, key.model, key.provider,
                   usage.requests, usage.failed, usage.input, usage.cached_input, usage.cache_write,
                   usage.output, usage.audio_input, usage.audio_output, usage.images, usage.cost, sums.wallet,
                   last...);
    };
    const bool is_day = key.hour == base::WallTime();
    auto query = connection.query(is_day ? add_day : add_hour);
    if (is_day) {
        fill(query);
    } else {
        fill(query, key.hour);
    }
    query.run();
}

void add_latency(Connection& connection, const domain::LatencyKey& key, const domain::LatencySum& sum) {
    connection
        .query(
            "INSERT INTO usage_latencies (account_id, day, key_id, model, provider, bucket, calls, total_ms) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) "
            "ON CONFLICT (account_id, day, key_id, model, provider, bucket) DO UPDATE SET "
            "calls = calls + ?7, total_ms = total_ms + ?8")
        .bind(key.group.account_id, domain::to_string(key.group.day), key.group.key_id, key.group.model,
              key.group.provider, key.bucket, sum.calls, sum.total_ms)
        .run();
}

void add_totals(Connection& connection, const domain::LedgerBatch& batch) {
    for (const auto& [id, total] : batch.accounts) {
        connection
            .query("INSERT INTO account_totals (account_id, spent_micros, requests) VALUES (?1, ?2, ?3) "
                   "ON CONFLICT (account_id) DO UPDATE SET spent_micros = spent_micros + ?2, "
                   "requests = requests + ?3")
            .bind(id, total.spent, total.requests)
            .run();
    }
    for (const auto& [id, total] : batch.keys) {
        connection
            .query("INSERT INTO key_totals (key_id, account_id, spent_micros, requests, last_used_at) "
                   "VALUES (?1, ?2, ?3, ?4, ?5) "
                   "ON CONFLICT (key_id) DO UPDATE SET spent_micros = spent_micros + ?3, "
                   "requests = requests + ?4, last_used_at = max(last_used_at, ?5)")
            .bind(id, total.account_id, total.spent, total.requests, total.last_used_at)
            .run();
    }
}

domain::PurseTotal add_purse(Connection& connection, const std::string& name, base::Money spent) {
    auto query = connection.query("INSERT INTO purse_totals (name, spent_micros) VALUES (?1, ?2) "
                                  "ON CONFLICT (name) DO UPDATE SET spent_micros = spent_micros + ?2 "
                                  "RETURNING spent_micros");
    query.bind(name, spent).step();
    return {.name = name, .spent = query.money(0)};
}

} // namespace

base::Result<std::vector<domain::PurseTotal>> add_sums(Connection& connection,
                                                       const domain::LedgerBatch& batch) {
    std::vector<domain::PurseTotal> totals;
    add_totals(connection, batch);
    for (const auto& [name, spent] : batch.purses) totals.push_back(add_purse(connection, name, spent));
    for (const auto& [account, charges] : batch.wallets) {
        auto wallet = charge_wallet(connection, account, charges);
        if (!wallet) return base::fail(wallet.error());
        totals.push_back(std::move(*wallet));
    }
    for (const auto& [key, sums] : batch.days) add_bucket(connection, key, sums);
    for (const auto& [key, sums] : batch.hours) add_bucket(connection, key, sums);
    for (const auto& [key, sum] : batch.latencies) add_latency(connection, key, sum);
    return totals;
}

} // namespace tollgate::storage::sqlite
