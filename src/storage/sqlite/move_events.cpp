#include "storage/sqlite/move_events.hpp"

#include "tollgate/telemetry/log.hpp"

#include <sqlite3.h>

namespace tollgate::storage::sqlite {

namespace {

constexpr std::int64_t at_once = 20'000;

/// SQL: stored_call_id(text), as CallId has it.
void stored_call_id(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
    const base::CallId id({text, static_cast<std::size_t>(sqlite3_value_bytes(values[0]))});
    if (id.is_packed()) {
        sqlite3_result_blob(context, id.bytes().data(), static_cast<int>(id.bytes().size()),
                            SQLITE_TRANSIENT);
    } else {
        sqlite3_result_value(context, values[0]);
    }
}

constexpr std::string_view copy_keys =
    "INSERT INTO usage_keys (key_id, account_id) SELECT DISTINCT key_id, account_id FROM usage_events_before "
    "WHERE sequence <= ?1 ON CONFLICT DO NOTHING";

constexpr std::string_view copy_kinds =
    "INSERT INTO usage_kinds (wallet, endpoint, asked_model, provider, model, stream, status, outcome, "
    "usage_source, currency, usd_rate, price_version, client_gone, attempts, priced_requests, node) "
    "SELECT DISTINCT wallet, endpoint, asked_model, provider, model, stream, status, outcome, usage_source, "
    "currency, usd_rate, price_version, client_gone, attempts, priced_requests, node "
    "FROM usage_events_before WHERE sequence <= ?1 ON CONFLICT DO NOTHING";

// CROSS JOIN: in this order, whatever SQLite believes of tables that it has not counted.
constexpr std::string_view copy_calls =
    "INSERT INTO usage_calls (sequence, request_id, client_request_id, key, kind, day, input, cached_input, "
    "cache_write, output, audio_input, audio_output, images, reasoning, cost_micros, bound_micros, "
    "started_at, lasted_micros, first_byte_ms, duration_ms) SELECT e.sequence, stored_call_id(e.request_id), "
    "stored_call_id(e.client_request_id), k.number, n.number, unixepoch(e.day) / 86400, e.input, "
    "e.cached_input, e.cache_write, e.output, e.audio_input, e.audio_output, e.images, e.reasoning, "
    "e.cost_micros, e.bound_micros, e.started_at, e.ended_at - e.started_at, e.first_byte_ms, e.duration_ms "
    "FROM usage_events_before AS e CROSS JOIN usage_keys AS k ON k.key_id = e.key_id "
    "AND k.account_id = e.account_id CROSS JOIN usage_kinds AS n ON n.model = e.model "
    "AND n.provider = e.provider AND n.asked_model = e.asked_model AND n.endpoint = e.endpoint "
    "AND n.wallet = e.wallet AND n.stream = e.stream AND n.status = e.status AND n.outcome = e.outcome "
    "AND n.usage_source = e.usage_source AND n.currency = e.currency AND n.usd_rate = e.usd_rate "
    "AND n.price_version = e.price_version AND n.client_gone = e.client_gone AND n.attempts = e.attempts "
    "AND n.priced_requests = e.priced_requests AND n.node = e.node WHERE e.sequence <= ?1 ORDER BY "
    "e.sequence";

/// Says now and then how many are left; sequences have no large gaps.
void tell(std::int64_t first, std::int64_t last) {
    constexpr std::int64_t told_every = 25;
    const std::int64_t left = last - first + 1;
    if (left / at_once % told_every == 0) {
        telemetry::log_info("moving usage events into smaller rows", {{"events_left", left}});
    }
}

} // namespace

bool move_events(Connection& connection) {
    std::int64_t first = 0;
    {
        auto ends = connection.query("SELECT min(sequence), max(sequence) FROM usage_events_before");
        ends.step();
        if (ends.is_null(0)) return false;
        first = ends.integer(0);
        tell(first, ends.integer(1));
    }
    connection.add_function("stored_call_id", stored_call_id);
    const std::int64_t last = first + at_once - 1;
    for (const std::string_view sql : {copy_keys, copy_kinds, copy_calls})
        connection.query(sql).bind(last).run();
    connection.query("DELETE FROM usage_events_before WHERE sequence <= ?1").bind(last).run();
    return true;
}

} // namespace tollgate::storage::sqlite
