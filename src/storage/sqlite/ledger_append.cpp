// Counting a batch: insert what is new, then add its sums. Correcting costs: change the events, then add the
// differences to the same sums. All in one transaction with the write lock.
#include "storage/sqlite/ledger.hpp"
#include "storage/sqlite/ledger_wallet.hpp"
#include "tollgate/domain/purse.hpp"

#include <algorithm>

namespace tollgate::storage::sqlite {

namespace {

using domain::UsageEvent;

constexpr std::string_view insert_event =
    "INSERT INTO usage_events (request_id, client_request_id, key_id, account_id, day, wallet, endpoint, "
    "asked_model, provider, model, stream, status, outcome, usage_source, input, cached_input, cache_write, "
    "output, audio_input, audio_output, images, priced_requests, reasoning, cost_micros, bound_micros, "
    "currency, usd_rate, price_version, started_at, ended_at, first_byte_ms, duration_ms, client_gone, "
    "attempts, node) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, "
    "?18, "
    "?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35) "
    "ON CONFLICT (request_id) DO NOTHING";

std::optional<std::int64_t> milliseconds_of(const std::optional<std::chrono::milliseconds>& time) {
    if (!time) return std::nullopt;
    return time->count();
}

/// The day as it is stored: as a rule the same for a whole batch.
class DayText {
public:
    const std::string& of(std::chrono::local_days day) {
        if (text_.empty() || day != day_) text_ = domain::to_string(day);
        day_ = day;
        return text_;
    }

private:
    std::chrono::local_days day_{};
    std::string text_;
};

/// False: the request id was counted before.
bool insert(Query& query, const UsageEvent& event, const std::string& day) {
    const domain::Usage& usage = event.usage;
    return query.again()
               .lend(event.request_id, event.client_request_id, event.key_id, event.account_id, day,
                     event.wallet == domain::WalletUse::charged ? 1 : 0, event.endpoint, event.model,
                     event.provider, domain::billed_model(event),
                     event.delivery == domain::Delivery::stream ? 1 : 0, event.status, event.outcome,
                     to_string(usage.source), usage.input, usage.cached_input, usage.cache_write,
                     usage.output, usage.audio_input, usage.audio_output, usage.images, usage.requests,
                     usage.reasoning, event.cost, event.bound, event.currency, event.usd_rate,
                     event.price_version, event.started_at, event.ended_at, milliseconds_of(event.first_byte),
                     event.duration.count(), event.client_end == domain::ClientEnd::gone ? 1 : 0,
                     event.attempts, event.node)
               .run() > 0;
}

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

/// The event with what its sums are kept by, if it is there and costs what the correction says.
base::Result<UsageEvent> find_correctable(Connection& connection, const domain::CostCorrection& correction) {
    auto row = connection.query("SELECT key_id, account_id, day, wallet, provider, model, bound_micros, "
                                "started_at, cost_micros FROM usage_events WHERE request_id = ?1 "
                                "AND day >= (SELECT day FROM ledger_horizon)");
    const bool is_there = row.bind(correction.request_id).step();
    if (!is_there || row.money(8) != correction.before) {
        const std::string fault = is_there ? " costs " + base::to_string(row.money(8)) + " by now"
                                           : " is not in the books, or was forgotten";
        return base::fail(base::ErrorCode::conflict, base::ErrorSource::storage,
                          "call " + correction.request_id.text() + fault);
    }
    UsageEvent event;
    event.request_id = correction.request_id;
    event.key_id = base::KeyId(row.text(0));
    event.account_id = base::AccountId(row.text(1));
    event.day = domain::parse_day(row.text(2)).value_or(std::chrono::local_days());
    event.wallet = row.integer(3) != 0 ? domain::WalletUse::charged : domain::WalletUse::none;
    event.provider = row.text(4);
    event.upstream_model = row.text(5);
    event.bound = row.money(6);
    event.started_at = row.time(7);
    return event;
}

void store_correction(Connection& connection, const domain::Repricing& repricing,
                      const domain::CostCorrection& correction) {
    connection
        .query("INSERT INTO usage_corrections (request_id, day, corrected_at, before_micros, after_micros, "
               "usd_rate_before, price_version_before, note) SELECT request_id, day, ?2, cost_micros, ?3, "
               "usd_rate, price_version, ?4 FROM usage_events WHERE request_id = ?1")
        .bind(correction.request_id, repricing.at, correction.after, repricing.note)
        .run();
    connection
        .query("UPDATE usage_events SET cost_micros = ?2, usd_rate = ?3, price_version = ?4 "
               "WHERE request_id = ?1")
        .bind(correction.request_id, correction.after, correction.usd_rate, repricing.price_version)
        .run();
}

} // namespace

base::Result<ports::AppendSummary> SqliteLedger::append(std::span<const UsageEvent> events) {
    const auto odd = std::ranges::find_if_not(events, domain::is_countable);
    if (odd != events.end()) {
        return base::fail(base::ErrorCode::invalid_field, base::ErrorSource::internal,
                          "usage event " + odd->request_id.text() +
                              " has no ids, a negative cost or an absurd figure");
    }
    return database_.write([events](Connection& connection) -> base::Result<ports::AppendSummary> {
        ports::AppendSummary summary;
        domain::LedgerBatch batch;
        DayText days;
        auto query = connection.query(insert_event);
        for (const UsageEvent& event : events) {
            if (insert(query, event, days.of(event.day))) {
                batch.add(event);
                ++summary.inserted;
            } else {
                ++summary.repeated;
            }
        }
        auto totals = add_sums(connection, batch);
        if (!totals) return base::fail(totals.error());
        summary.totals = std::move(*totals);
        return summary;
    });
}

base::Result<std::vector<domain::PurseTotal>> SqliteLedger::correct(const domain::Repricing& repricing) {
    if (const auto checked = domain::check(repricing); !checked) return base::fail(checked.error());
    using Totals = std::vector<domain::PurseTotal>;
    return database_.write([&repricing](Connection& connection) -> base::Result<Totals> {
        domain::LedgerBatch batch;
        for (const domain::CostCorrection& correction : repricing.corrections) {
            const auto event = find_correctable(connection, correction);
            if (!event) return base::fail(event.error());
            store_correction(connection, repricing, correction);
            batch.correct(*event, correction.after - correction.before);
        }
        return add_sums(connection, batch);
    });
}

} // namespace tollgate::storage::sqlite
