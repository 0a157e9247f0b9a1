// Putting costs right: the events, what they cost before, and every sum that follows, in one transaction.
#include "storage/sqlite/ledger.hpp"
#include "storage/sqlite/ledger_sums.hpp"
#include "tollgate/domain/purse.hpp"

namespace tollgate::storage::sqlite {

namespace {

using domain::UsageEvent;

/// The event with what its sums are kept by, if it is there and costs what the correction says.
base::Result<UsageEvent> find_correctable(Connection& connection, const domain::CostCorrection& correction) {
    auto row = connection.query("SELECT key_id, account_id, day, wallet, provider, model, bound_micros, "
                                "started_at, cost_micros FROM usage_events WHERE started_at = ?2 "
                                "AND request_id = ?1 AND day >= (SELECT day FROM ledger_horizon)");
    const bool is_there = row.bind(correction.request_id, correction.started_at).step();
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
               "usd_rate, price_version, ?4 FROM usage_events WHERE started_at = ?5 AND request_id = ?1")
        .bind(correction.request_id, repricing.at, correction.after, repricing.note, correction.started_at)
        .run();
    connection
        .query("UPDATE usage_events SET cost_micros = ?2, usd_rate = ?3, price_version = ?4 "
               "WHERE started_at = ?5 AND request_id = ?1")
        .bind(correction.request_id, correction.after, correction.usd_rate, repricing.price_version,
              correction.started_at)
        .run();
}

} // namespace

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
