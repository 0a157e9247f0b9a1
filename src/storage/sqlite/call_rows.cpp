#include "storage/sqlite/call_rows.hpp"

#include "storage/sqlite/ledger_rows.hpp"

#include <algorithm>

namespace tollgate::storage::sqlite {

namespace {

constexpr std::string_view range_and_order =
    "started_at >= ?2 AND (started_at, request_id) < (?3, ?4) ORDER BY started_at DESC, request_id DESC";

std::string places_sql(std::string_view condition) {
    std::string sql = "SELECT sequence, started_at, request_id FROM usage_calls WHERE ";
    return sql.append(condition).append(" AND ").append(range_and_order);
}

const std::string places_of_key = places_sql("key = ?1");
const std::string places_of_all = places_sql("?1 IS NULL");

const std::string row_sql = std::string(event_columns) + " WHERE c.sequence = ?1";

/// Just before which calls are asked for. No stored id is smaller than an empty text.
struct Bound {
    std::int64_t started_at = latest;
    std::string request_id{};
};

Bound bound_of(const CallsAsked& asked) {
    const std::int64_t until = micros_or(asked.times.until, latest);
    if (!asked.after) return {.started_at = until};
    const std::int64_t after = asked.after->started_at.time_since_epoch().count();
    if (after >= until) return {.started_at = until};
    return {.started_at = after, .request_id = asked.after->request_id.text()};
}

} // namespace

/// Where the calls of one key, or of all, stand in their index.
class CallRows::Cursor {
public:
    Cursor(Connection& connection, std::optional<std::int64_t> key, const CallsAsked& asked)
        : bound_(bound_of(asked)),
          id_(bound_.request_id),
          query_(connection.query(key ? places_of_key : places_of_all)) {
        query_.bind(key, micros_or(asked.times.from, earliest), bound_.started_at, id_);
    }

    bool step() { return query_.step(); }
    std::int64_t sequence() const { return query_.integer(0); }

    bool is_older_than(const Cursor& other) const {
        const std::int64_t mine = query_.integer(1);
        const std::int64_t others = other.query_.integer(1);
        if (mine != others) return mine < others;
        // As SQLite has them: texts before blobs.
        const bool is_blob = query_.is_blob(2);
        if (is_blob != other.query_.is_blob(2)) return !is_blob;
        return query_.bytes(2) < other.query_.bytes(2);
    }

private:
    const Bound bound_;
    const base::CallId id_;
    Query query_;
};

CallRows::CallRows(Connection& connection, const CallsAsked& asked)
    : asked_(asked), row_(connection.query(row_sql)) {
    open_cursors(connection);
}

CallRows::~CallRows() = default;

void CallRows::open_cursors(Connection& connection) {
    const ports::UsageFilter& filter = asked_.filter;
    if (!filter.key_id && !filter.account_id) {
        add(std::make_unique<Cursor>(connection, std::nullopt, asked_));
        return;
    }
    auto keys = connection.query(filter.key_id ? "SELECT number FROM usage_keys WHERE key_id = ?1 AND "
                                                 "(?2 IS NULL OR account_id = ?2)"
                                               : "SELECT number FROM usage_keys WHERE ?1 IS NULL AND "
                                                 "account_id = ?2");
    keys.bind(filter.key_id, filter.account_id);
    while (keys.step()) add(std::make_unique<Cursor>(connection, keys.integer(0), asked_));
}

bool CallRows::is_older(const std::unique_ptr<Cursor>& left, const std::unique_ptr<Cursor>& right) {
    return left->is_older_than(*right);
}

void CallRows::add(std::unique_ptr<Cursor> cursor) {
    if (!cursor->step()) return;
    cursors_.push_back(std::move(cursor));
    std::ranges::push_heap(cursors_, is_older);
}

bool CallRows::step() {
    if (cursors_.empty()) return false;
    std::ranges::pop_heap(cursors_, is_older);
    auto newest = std::move(cursors_.back());
    cursors_.pop_back();
    row_.again().bind(newest->sequence()).step();
    add(std::move(newest));
    return true;
}

bool CallRows::matches() const {
    const std::int64_t status = row_.integer(11);
    const ports::UsageFilter& filter = asked_.filter;
    return status >= asked_.status.low && status <= asked_.status.high &&
           (!filter.model || row_.bytes(9) == *filter.model) &&
           (!filter.provider || row_.bytes(8) == *filter.provider);
}

ports::EventCursor CallRows::place() const {
    return {.started_at = row_.time(28), .request_id = base::RequestId(row_.call_id(0))};
}

domain::UsageEvent CallRows::event() const {
    return read_event(row_);
}

} // namespace tollgate::storage::sqlite
