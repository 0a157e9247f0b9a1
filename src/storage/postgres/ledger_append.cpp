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

using domain::UsageView;

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

/// Answers the ids that were counted before; each id stands in the batch once.
const std::string insert_events =
    "WITH counted AS (" + insert_sql("usage_events", event_columns) +
    " ON CONFLICT (request_id, month) DO NOTHING RETURNING request_id) SELECT batch.id FROM "
    "unnest($1::text[]) AS batch (id) EXCEPT SELECT request_id FROM counted";

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

void add_row(Columns& rows, const UsageView& event, std::string_view day) {
    const domain::Usage& usage = event.usage;
    rows.add_row(event.request_id, day.substr(0, 7), event.client_request_id, event.key_id, event.account_id,
                 day, event.wallet == domain::WalletUse::charged ? 1 : 0, event.endpoint, event.model,
                 event.provider, domain::billed_model(event),
                 event.delivery == domain::Delivery::stream ? 1 : 0, event.status, event.outcome,
                 to_string(usage.source), usage.input, usage.cached_input, usage.cache_write, usage.output,
                 usage.audio_input, usage.audio_output, usage.images, usage.requests, usage.reasoning,
                 event.cost, event.bound, event.currency, event.usd_rate, event.price_version,
                 event.started_at, event.ended_at, milliseconds_of(event.first_byte), event.duration.count(),
                 event.client_end == domain::ClientEnd::gone ? 1 : 0, event.attempts, event.node);
}

/// Makes the partitions that are missing. Asked for each batch, because the server knows best; it costs a
/// look into its own catalogue.
void ensure_months(Connection& connection, std::span<const UsageView> events) {
    std::set<std::chrono::local_days> days;
    for (const UsageView& event : events) days.insert(event.day);
    std::set<std::string> months;
    for (const auto day : days) months.insert(domain::to_string(day).substr(0, 7));
    ArrayText names;
    for (const std::string& month : months) names.add(month);
    connection.query("SELECT ensure_usage_months($1::text[])", names);
}

using Batch = std::vector<const UsageView*>;

/// In the order of their ids, each id once: of two with one id the first counts, as it stands in the batch.
Batch sorted(std::span<const UsageView> events) {
    Batch batch;
    batch.reserve(events.size());
    for (const UsageView& event : events) batch.push_back(&event);
    std::ranges::sort(batch, {}, [](const UsageView* event) { return std::pair(event->request_id, event); });
    const auto doubles =
        std::ranges::unique(batch, {}, [](const UsageView* event) { return event->request_id; });
    batch.erase(doubles.begin(), doubles.end());
    return batch;
}

/// Leaves those that were not counted before.
void insert(Connection& connection, Batch& batch) {
    Columns rows;
    DayText days;
    for (const UsageView* event : batch) add_row(rows, *event, days.of(event->day));
    auto repeated = connection.query(insert_events, rows);
    std::unordered_set<std::string> ids;
    while (repeated.step()) ids.insert(repeated.text(0));
    if (ids.empty()) return;
    std::erase_if(batch,
                  [&ids](const UsageView* event) { return ids.contains(std::string(event->request_id)); });
}

} // namespace

base::Result<ports::AppendSummary> PostgresLedger::append(std::span<const UsageView> events) {
    if (events.empty()) return ports::AppendSummary();
    if (const auto checked = ports::check(events); !checked) return base::fail(checked.error());
    const auto count = [events](Connection& connection) -> base::Result<ports::AppendSummary> {
        ensure_months(connection, events);
        Batch fresh = sorted(events);
        insert(connection, fresh);
        ports::AppendSummary summary{.inserted = fresh.size(), .repeated = events.size() - fresh.size()};
        std::ranges::sort(fresh); // as they stand in the batch again: wallets pay in this order
        domain::LedgerBatch batch;
        for (const UsageView* event : fresh) batch.add(*event);
        auto totals = add_sums(connection, batch);
        if (!totals) return base::fail(totals.error());
        summary.totals = std::move(*totals);
        return summary;
    };
    return database_.write(count, Repeat::harmless);
}

} // namespace tollgate::storage::postgres
