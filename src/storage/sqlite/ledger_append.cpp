// Counting a batch in one transaction with the write lock: insert what is new, then add its sums.
#include "storage/sqlite/ledger.hpp"
#include "storage/sqlite/ledger_sums.hpp"

namespace tollgate::storage::sqlite {

namespace {

using domain::UsageView;

constexpr std::string_view insert_call =
    "INSERT INTO usage_calls (request_id, client_request_id, key, kind, day, input, cached_input, "
    "cache_write, output, audio_input, audio_output, images, reasoning, cost_micros, bound_micros, "
    "started_at, lasted_micros, first_byte_ms, duration_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
    "?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19) ON CONFLICT (started_at, request_id) DO NOTHING";

std::optional<std::int64_t> milliseconds_of(const std::optional<std::chrono::milliseconds>& time) {
    if (!time) return std::nullopt;
    return time->count();
}

/// False: the call was counted before.
bool insert(Query& query, const UsageView& event, const CallNumbers& numbers) {
    const domain::Usage& usage = event.usage;
    const base::CallId id(event.request_id);
    const base::CallId client_id(event.client_request_id);
    return query.again()
               .lend(id, client_id, numbers.key, numbers.kind, event.day.time_since_epoch().count(),
                     usage.input, usage.cached_input, usage.cache_write, usage.output, usage.audio_input,
                     usage.audio_output, usage.images, usage.reasoning, event.cost, event.bound,
                     event.started_at, (event.ended_at - event.started_at).count(),
                     milliseconds_of(event.first_byte), event.duration.count())
               .run() > 0;
}

} // namespace

base::Result<ports::AppendSummary> SqliteLedger::append(std::span<const UsageView> events) {
    if (const auto checked = ports::check(events); !checked) return base::fail(checked.error());
    const auto numbers = names_.numbers_of(events);
    if (!numbers) return base::fail(numbers.error());
    return database_.write([&](Connection& connection) -> base::Result<ports::AppendSummary> {
        ports::AppendSummary summary;
        domain::LedgerBatch batch;
        auto query = connection.query(insert_call);
        for (std::size_t index = 0; index < events.size(); ++index) {
            if (insert(query, events[index], (*numbers)[index])) {
                batch.add(events[index]);
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

} // namespace tollgate::storage::sqlite
