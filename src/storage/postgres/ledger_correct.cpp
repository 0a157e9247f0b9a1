// Putting costs right: the events, what they cost before, and every sum that follows, in one transaction.
#include "storage/postgres/ledger.hpp"
#include "storage/postgres/ledger_sums.hpp"
#include "tollgate/domain/purse.hpp"

#include <map>

namespace tollgate::storage::postgres {

namespace {

using domain::CostCorrection;
using domain::UsageEvent;

/// An event with what its sums are kept by, and its cost.
UsageEvent read_event(const Rows& row) {
    UsageEvent event;
    event.request_id = base::RequestId(row.text(0));
    event.key_id = base::KeyId(row.text(1));
    event.account_id = base::AccountId(row.text(2));
    event.day = domain::parse_day(row.text(3)).value_or(std::chrono::local_days());
    event.wallet = row.integer(4) != 0 ? domain::WalletUse::charged : domain::WalletUse::none;
    event.provider = row.text(5);
    event.upstream_model = row.text(6);
    event.bound = row.money(7);
    event.started_at = row.time(8);
    event.cost = row.money(9);
    return event;
}

using Events = std::map<base::RequestId, UsageEvent>;

/// Those that are in the books, locked.
Events find_events(Connection& connection, const domain::Repricing& repricing) {
    ArrayText ids;
    for (const CostCorrection& correction : repricing.corrections) ids.add(correction.request_id);
    auto rows = connection.query("SELECT request_id, key_id, account_id, day, wallet, provider, model, "
                                 "bound_micros, started_at, cost_micros FROM usage_events "
                                 "WHERE request_id = ANY ($1::text[]) "
                                 "AND day >= (SELECT day FROM ledger_horizon) ORDER BY request_id FOR UPDATE",
                                 ids);
    Events events;
    while (rows.step()) {
        auto event = read_event(rows);
        events.emplace(event.request_id, std::move(event));
    }
    return events;
}

base::Result<void> check_before(const Events& events, const CostCorrection& correction) {
    const auto found = events.find(correction.request_id);
    if (found != events.end() && found->second.cost == correction.before) return {};
    const std::string fault = found != events.end()
                                  ? " costs " + base::to_string(found->second.cost) + " by now"
                                  : " is not in the books, or was forgotten";
    return base::fail(base::ErrorCode::conflict, base::ErrorSource::storage,
                      "call " + correction.request_id.text() + fault);
}

constexpr std::string_view batch_of_corrections =
    "unnest($1::text[], $2::bigint[], $3::text[]) AS batch (request_id, after_micros, usd_rate)";

void store(Connection& connection, const domain::Repricing& repricing) {
    Columns rows;
    for (const CostCorrection& correction : repricing.corrections) {
        rows.add_row(correction.request_id, correction.after, correction.usd_rate);
    }
    const std::string batch(batch_of_corrections);
    connection.query(
        "INSERT INTO usage_corrections (request_id, day, corrected_at, before_micros, after_micros, "
        "usd_rate_before, price_version_before, note) SELECT e.request_id, e.day, $4::bigint, "
        "e.cost_micros, batch.after_micros, e.usd_rate, e.price_version, $5 FROM " +
            batch +
            " JOIN usage_events AS e ON e.request_id = batch.request_id "
            "ORDER BY e.request_id",
        rows, repricing.at, repricing.note);
    connection.query(
        "UPDATE usage_events AS e SET cost_micros = batch.after_micros, usd_rate = batch.usd_rate, "
        "price_version = $4 FROM " +
            batch + " WHERE e.request_id = batch.request_id",
        rows, repricing.price_version);
}

} // namespace

base::Result<std::vector<domain::PurseTotal>> PostgresLedger::correct(const domain::Repricing& repricing) {
    using Totals = std::vector<domain::PurseTotal>;
    if (const auto checked = domain::check(repricing); !checked) return base::fail(checked.error());
    if (repricing.corrections.empty()) return Totals();
    return database_.write_at_length([&repricing](Connection& connection) -> base::Result<Totals> {
        const Events events = find_events(connection, repricing);
        domain::LedgerBatch batch;
        for (const CostCorrection& correction : repricing.corrections) {
            if (const auto right = check_before(events, correction); !right) return base::fail(right.error());
            batch.correct(events.at(correction.request_id), correction.after - correction.before);
        }
        store(connection, repricing);
        return add_sums(connection, batch);
    });
}

} // namespace tollgate::storage::postgres
