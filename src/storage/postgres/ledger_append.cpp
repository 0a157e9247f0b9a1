// Counting a batch in one transaction: insert what is new, then add its sums.
#include "storage/postgres/ledger.hpp"
#include "storage/postgres/ledger_sums.hpp"
#include "tollgate/domain/purse.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>
#include <utility>

namespace tollgate::storage::postgres {

namespace {

using domain::UsageEvent;

constexpr Column event_columns[] = {
    {"request_id", "text"},
    {"month", "text"},
    {"client_request_id", "text"},
    {"key_id", "text"},
    {"account_id", "text"},
    {"day", "text"},
    {"wallet", "smallint"},
    {"endpoint", "text"},
    {"asked_model", "text"},
    {"provider", "text"},
    {"model", "text"},
    {"stream", "smallint"},
    {"status", "integer"},
    {"outcome", "text"},
    {"usage_source", "text"},
    {"input", "bigint"},
    {"cached_input", "bigint"},
    {"cache_write", "bigint"},
    {"output", "bigint"},
    {"audio_input", "bigint"},
    {"audio_output", "bigint"},
    {"images", "bigint"},
    {"priced_requests", "bigint"},
    {"reasoning", "bigint"},
    {"cost_micros", "bigint"},
    {"bound_micros", "bigint"},
    {"currency", "text"},
    {"usd_rate", "text"},
    {"price_version", "text"},
    {"started_at", "bigint"},
    {"ended_at", "bigint"},
    {"first_byte_ms", "bigint"},
    {"duration_ms", "bigint"},
    {"client_gone", "smallint"},
    {"attempts", "bigint"},
    {"node", "text"},
};

const std::string insert_events = insert_sql("usage_events", event_columns) +
                                  " ON CONFLICT (request_id, month) DO NOTHING RETURNING request_id";
std::string month_of(const UsageEvent& event) {
    return domain::to_string(event.day).substr(0, 7);
}

std::optional<std::int64_t> milliseconds_of(const std::optional<std::chrono::milliseconds>& time) {
    if (!time) return std::nullopt;
    return time->count();
}

void add_row(Columns& rows, const UsageEvent& event) {
    const domain::Usage& usage = event.usage;
    rows.add_row(event.request_id, month_of(event), event.client_request_id, event.key_id, event.account_id,
                 domain::to_string(event.day), event.wallet == domain::WalletUse::charged ? 1 : 0,
                 event.endpoint, event.model, event.provider, domain::billed_model(event),
                 event.delivery == domain::Delivery::stream ? 1 : 0, event.status, event.outcome,
                 to_string(usage.source), usage.input, usage.cached_input, usage.cache_write, usage.output,
                 usage.audio_input, usage.audio_output, usage.images, usage.requests, usage.reasoning,
                 event.cost, event.bound, event.currency, event.usd_rate, event.price_version,
                 event.started_at, event.ended_at, milliseconds_of(event.first_byte), event.duration.count(),
                 event.client_end == domain::ClientEnd::gone ? 1 : 0, event.attempts, event.node);
}

/// Makes the partitions that are missing. Asked for each batch, because the server knows best; it costs a
/// look into its own catalogue.
void ensure_months(Connection& connection, std::span<const UsageEvent> events) {
    std::set<std::string> months;
    for (const UsageEvent& event : events) months.insert(month_of(event));
    ArrayText names;
    for (const std::string& month : months) names.add(month);
    connection.query("SELECT ensure_usage_months($1::text[])", names);
}

using RequestIds = std::unordered_set<std::string>;

/// The ids that were not counted before.
RequestIds insert(Connection& connection, std::span<const UsageEvent> events) {
    std::vector<const UsageEvent*> sorted;
    for (const UsageEvent& event : events) sorted.push_back(&event);
    // Of two with one id the first one counts, as it stands in the batch.
    std::ranges::sort(sorted, {}, [](const UsageEvent* event) {
        return std::pair<std::string_view, const UsageEvent*>(event->request_id.text(), event);
    });
    Columns rows;
    for (const UsageEvent* event : sorted) add_row(rows, *event);
    auto inserted = connection.query(insert_events, rows);
    RequestIds ids;
    while (inserted.step()) ids.insert(inserted.text(0));
    return ids;
}

} // namespace

base::Result<ports::AppendSummary> PostgresLedger::append(std::span<const UsageEvent> events) {
    if (events.empty()) return ports::AppendSummary();
    const auto odd = std::ranges::find_if_not(events, domain::is_countable);
    if (odd != events.end()) {
        return base::fail(base::ErrorCode::invalid_field, base::ErrorSource::internal,
                          "usage event " + odd->request_id.text() +
                              " has no ids, a negative cost or an absurd figure");
    }
    const auto count = [events](Connection& connection) -> base::Result<ports::AppendSummary> {
        ensure_months(connection, events);
        RequestIds fresh = insert(connection, events);
        ports::AppendSummary summary{.inserted = fresh.size(), .repeated = events.size() - fresh.size()};
        domain::LedgerBatch batch;
        for (const UsageEvent& event : events) {
            if (fresh.erase(event.request_id.text()) > 0) batch.add(event);
        }
        auto totals = add_sums(connection, batch);
        if (!totals) return base::fail(totals.error());
        summary.totals = std::move(*totals);
        return summary;
    };
    return database_.write(count, Repeat::harmless);
}

} // namespace tollgate::storage::postgres
