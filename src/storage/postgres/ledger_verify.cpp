// Proving the books (storage/ledger_proof.hpp) in PostgreSQL, and forgetting old events.
#include "storage/postgres/ledger.hpp"
#include "tollgate/domain/purse.hpp"
#include "tollgate/storage/ledger_proof.hpp"

namespace tollgate::storage::postgres {

namespace {

class PostgresProofReader final : public ProofReader {
public:
    explicit PostgresProofReader(Connection& connection) : connection_(connection) {}

    void read(std::string_view sql, const std::function<void(const ProofRow&)>& take) override {
        auto rows = connection_.execute(std::string(sql));
        ProofRow row;
        while (rows.step()) {
            row.clear();
            for (int column = 0; column < rows.columns(); ++column) row.push_back(rows.text(column));
            take(row);
        }
    }

private:
    Connection& connection_;
};

/// The unique index holds within a month; that no call is in two of them is proved here (decision 16).
constexpr std::string_view counted_twice =
    "SELECT 'call ' || request_id || ' was counted ' || count(*) || ' times, in the months ' || "
    "string_agg(month, ', ' ORDER BY month) FROM usage_events GROUP BY request_id HAVING count(*) > 1";

constexpr std::int64_t forget_at_once = 5000;

/// An event's day begins at most a day before or after the same day of UTC.
base::WallTime surely_after(std::chrono::local_days day) {
    return base::WallTime(day.time_since_epoch()) + std::chrono::days(1);
}

/// The horizon goes first, so that the books are right after every step.
void move_horizon(Connection& connection, const std::string& first_kept) {
    connection.query("UPDATE ledger_horizon SET day = $1 WHERE day < $1", first_kept);
}

/// Drops the oldest month before `first_kept`; nothing: there is none.
base::Result<std::optional<std::int64_t>> drop_month(Connection& connection, const std::string& first_kept) {
    // Waiting for the table makes everybody else wait behind: rather later than long.
    connection.execute("SET LOCAL lock_timeout = 2000");
    move_horizon(connection, first_kept);
    auto oldest = connection.query(
        "SELECT replace(substr(c.relname, 14), '_', '-') FROM pg_inherits AS i "
        "JOIN pg_class AS c ON c.oid = i.inhrelid WHERE i.inhparent = 'usage_events'::regclass "
        "AND replace(substr(c.relname, 14), '_', '-') < $1::text COLLATE \"C\" ORDER BY 1 LIMIT 1",
        first_kept.substr(0, 7));
    if (!oldest.step()) return std::optional<std::int64_t>();
    const std::string month = oldest.text(0);
    auto gone = connection.query("SELECT drop_usage_month($1)", month);
    gone.step();
    connection.query("DELETE FROM usage_hours WHERE day < $1 AND left(day, 7) = $2", first_kept, month);
    connection.query("DELETE FROM usage_corrections WHERE day < $1 AND left(day, 7) = $2", first_kept, month);
    return std::optional(gone.integer(0));
}

/// Whole months by dropping their tables.
base::Result<std::size_t> forget_months(Database& database, const std::string& first_kept) {
    std::size_t forgotten = 0;
    while (true) {
        const auto dropped = database.write_at_length(
            [&](Connection& connection) { return drop_month(connection, first_kept); }, Repeat::harmless);
        if (!dropped) return base::fail(dropped.error());
        if (!*dropped) return forgotten;
        forgotten += static_cast<std::size_t>(**dropped);
    }
}

/// The month in which the horizon lies keeps its later days: in small steps, so that calls can be counted
/// meanwhile.
base::Result<std::size_t> forget_days(Database& database, std::chrono::local_days day) {
    const std::string first_kept = domain::to_string(day);
    std::size_t forgotten = 0;
    while (true) {
        const auto step = database.write_at_length([&](Connection& connection) -> base::Result<std::int64_t> {
            move_horizon(connection, first_kept);
            connection.query("DELETE FROM usage_hours WHERE hour < $2::bigint AND day < $1", first_kept,
                             surely_after(day));
            return connection
                .query("DELETE FROM usage_events WHERE (request_id, month) IN (SELECT request_id, month "
                       "FROM usage_events WHERE started_at < $2::bigint AND day < $1 LIMIT $3::bigint)",
                       first_kept, surely_after(day), forget_at_once)
                .changes();
        });
        if (!step) return base::fail(step.error());
        forgotten += static_cast<std::size_t>(*step);
        if (*step < forget_at_once) return forgotten;
    }
}

/// Latencies of single keys; the totals, whose key is empty, stay.
base::Result<void> forget_latencies(Database& database, const std::string& first_kept) {
    while (true) {
        const auto step = database.write_at_length([&](Connection& connection) -> base::Result<std::int64_t> {
            return connection
                .query("DELETE FROM usage_latencies WHERE ctid = ANY (ARRAY(SELECT ctid FROM "
                       "usage_latencies WHERE day < $1 AND key_id <> '' LIMIT $2::bigint))",
                       first_kept, forget_at_once)
                .changes();
        });
        if (!step) return base::fail(step.error());
        if (*step < forget_at_once) return {};
    }
}

} // namespace

base::Result<ports::LedgerReport> PostgresLedger::verify() {
    return database_.read_at_length([](Connection& connection) -> base::Result<ports::LedgerReport> {
        ports::LedgerReport report;
        PostgresProofReader books(connection);
        books.read(counted_twice, [&report](const ProofRow& row) { report_difference(report, row.front()); });
        prove_books(books, report);
        return report;
    });
}

base::Result<std::size_t> PostgresLedger::forget_before(std::chrono::local_days day) {
    const std::string first_kept = domain::to_string(day);
    const auto months = forget_months(database_, first_kept);
    if (!months) return months;
    const auto days = forget_days(database_, day);
    if (!days) return days;
    const auto cleared = forget_latencies(database_, first_kept);
    if (!cleared) return base::fail(cleared.error());
    return *months + *days;
}

} // namespace tollgate::storage::postgres
