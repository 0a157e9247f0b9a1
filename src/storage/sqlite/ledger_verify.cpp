// Proving the books (storage/ledger_proof.hpp) in SQLite, and forgetting old events.
#include "storage/sqlite/ledger.hpp"
#include "tollgate/domain/purse.hpp"
#include "tollgate/storage/ledger_proof.hpp"

namespace tollgate::storage::sqlite {

namespace {

class SqliteProofReader final : public ProofReader {
public:
    explicit SqliteProofReader(Connection& connection) : connection_(connection) {}

    void read(std::string_view sql, const std::function<void(const ProofRow&)>& take) override {
        auto rows = connection_.query(sql);
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

void check_file(Connection& connection, ports::LedgerReport& report) {
    auto rows = connection.query("PRAGMA integrity_check(10)");
    while (rows.step()) {
        if (rows.text(0) != "ok") report_difference(report, "the database file is damaged: " + rows.text(0));
    }
}

/// A call is counted once because its start is fixed before it is sent: what is unique is both.
void find_doubles(ProofReader& books, ports::LedgerReport& report) {
    books.read("SELECT request_id FROM usage_events WHERE sequence IN (SELECT max(sequence) FROM usage_calls "
               "GROUP BY request_id HAVING count(*) > 1)",
               [&report](const ProofRow& row) {
                   report_difference(report, "call " + row[0] + " was counted more than once");
               });
}

constexpr std::size_t forget_at_once = 5000;

/// An event's day begins at most a day before or after the same day of UTC.
base::WallTime surely_after(std::chrono::local_days day) {
    return base::WallTime(day.time_since_epoch()) + std::chrono::days(1);
}

/// Latencies of single keys; the totals, whose key is empty, stay.
constexpr std::string_view forget_details =
    "DELETE FROM usage_latencies WHERE (account_id, day, key_id, model, provider, bucket) IN "
    "(SELECT account_id, day, key_id, model, provider, bucket FROM usage_latencies "
    "WHERE day < ?1 AND key_id <> '' LIMIT ?2)";

base::Result<void> forget_latencies(Database& database, const std::string& first_kept) {
    while (true) {
        const auto step = database.write([&](Connection& connection) -> base::Result<std::int64_t> {
            return connection.query(forget_details).bind(first_kept, forget_at_once).run();
        });
        if (!step) return base::fail(step.error());
        if (*step < static_cast<std::int64_t>(forget_at_once)) return {};
    }
}

base::Result<std::size_t> forget_events(Database& database, std::chrono::local_days day) {
    const std::string first_kept = domain::to_string(day);
    std::size_t forgotten = 0;
    // In small steps, so that calls can be counted meanwhile; the horizon goes first, so that the books are
    // right after every one.
    while (true) {
        const auto step = database.write([&](Connection& connection) -> base::Result<std::int64_t> {
            connection.query("UPDATE ledger_horizon SET day = ?1 WHERE day < ?1").bind(first_kept).run();
            connection.query("DELETE FROM usage_hours WHERE hour < ?2 AND day < ?1")
                .bind(first_kept, surely_after(day))
                .run();
            connection.query("DELETE FROM usage_corrections WHERE day < ?1").bind(first_kept).run();
            return connection
                .query("DELETE FROM usage_calls WHERE sequence IN (SELECT sequence FROM usage_calls "
                       "WHERE started_at < ?2 AND day < ?1 LIMIT ?3)")
                .bind(day.time_since_epoch().count(), surely_after(day), forget_at_once)
                .run();
        });
        if (!step) return base::fail(step.error());
        forgotten += static_cast<std::size_t>(*step);
        if (*step < static_cast<std::int64_t>(forget_at_once)) return forgotten;
    }
}

} // namespace

base::Result<ports::LedgerReport> SqliteLedger::verify() {
    return database_.read([](Connection& connection) -> base::Result<ports::LedgerReport> {
        ports::LedgerReport report;
        check_file(connection, report);
        SqliteProofReader books(connection);
        find_doubles(books, report);
        prove_books(books, report);
        return report;
    });
}

base::Result<std::size_t> SqliteLedger::forget_before(std::chrono::local_days day) {
    const auto forgotten = forget_events(database_, day);
    if (!forgotten) return forgotten;
    const auto cleared = forget_latencies(database_, domain::to_string(day));
    if (!cleared) return base::fail(cleared.error());
    return forgotten;
}

} // namespace tollgate::storage::sqlite
