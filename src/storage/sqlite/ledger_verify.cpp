// Proving the books. Events are compared with the sums by day and hour, sums by day with every total, totals
// of wallets with lots and debts; so each figure is reached from the events by one chain. docs/money.md says
// what an operator does with a difference.
#include "storage/sqlite/ledger.hpp"
#include "tollgate/domain/purse.hpp"

#include <map>

namespace tollgate::storage::sqlite {

namespace {

constexpr std::size_t most_differences = 100;

void report_difference(ports::LedgerReport& report, std::string sentence) {
    if (report.differences.size() < most_differences) report.differences.push_back(std::move(sentence));
}

const std::string counts =
    "failed, input, cached_input, cache_write, output, audio_input, audio_output, images";
const std::string minus_counts =
    "-failed, -input, -cached_input, -cache_write, -output, -audio_input, -audio_output, -images";
const std::string where_kept = " WHERE day >= (SELECT day FROM ledger_horizon)";
const std::string differ =
    " HAVING sum(requests) <> 0 OR sum(cost) <> 0 OR sum(wallet_cost) <> 0 OR sum(failed) <> 0 "
    "OR sum(input) <> 0 OR sum(cached_input) <> 0 OR sum(cache_write) <> 0 OR sum(output) <> 0 "
    "OR sum(audio_input) <> 0 OR sum(audio_output) <> 0 OR sum(images) <> 0";

/// Yields name, requests and micros that the left side has more than the right one, where they differ.
struct Comparison {
    std::string what{};
    std::string sql{};
};

/// Events against one table of sums; `bucket` is its column and `bucket_of_event` the same from an event.
std::string compare_events(const std::string& table, const std::string& bucket,
                           const std::string& bucket_of_event) {
    const std::string key = "account_id, " + bucket + " AS bucket, day, key_id, model, provider";
    const std::string event_key =
        "account_id, " + bucket_of_event + " AS bucket, day, key_id, model, provider";
    return "SELECT bucket || ', day ' || day || ', account ' || account_id || ', key ' || key_id || "
           "', model ' || model || ', provider ' || provider, sum(requests), sum(cost) FROM (SELECT " +
           event_key +
           ", 1 AS requests, cost_micros AS cost, wallet * cost_micros AS wallet_cost, "
           "status >= 400 AS " +
           counts + " FROM usage_events" + where_kept + " UNION ALL SELECT " + key +
           ", -requests, -cost_micros, -wallet_micros, " + minus_counts + " FROM " + table + where_kept +
           ") GROUP BY account_id, bucket, day, key_id, model, provider" + differ;
}

const Comparison comparisons[] = {
    {"events against the sum of day", compare_events("usage_days", "day", "day")},
    {"events against the sum of the hour that began at (micros)",
     compare_events("usage_hours", "hour", "started_at - started_at % 3600000000")},
    {"sums by day against the total of key",
     "SELECT key_id || ', account ' || account_id, sum(requests), sum(cost) FROM ("
     "SELECT key_id, account_id, requests, cost_micros AS cost FROM usage_days "
     "UNION ALL SELECT key_id, account_id, -requests, -spent_micros FROM key_totals) "
     "GROUP BY key_id, account_id HAVING sum(requests) <> 0 OR sum(cost) <> 0"},
    {"sums by day against the total of account",
     "SELECT account_id, sum(requests), sum(cost) FROM ("
     "SELECT account_id, requests, cost_micros AS cost FROM usage_days "
     "UNION ALL SELECT account_id, -requests, -spent_micros FROM account_totals) "
     "GROUP BY account_id HAVING sum(requests) <> 0 OR sum(cost) <> 0"},
    {"sums by day against the total of wallet",
     "SELECT account_id, 0, sum(cost) FROM (SELECT account_id, wallet_micros AS cost FROM usage_days "
     "UNION ALL SELECT account_id, -spent_micros FROM wallets) GROUP BY account_id HAVING sum(cost) <> 0"},
    {"lots and debts against the total of wallet",
     "SELECT account_id, 0, sum(cost) FROM (SELECT account_id, consumed_micros AS cost FROM wallet_lots "
     "UNION ALL SELECT account_id, amount_micros - paid_micros FROM wallet_debts "
     "UNION ALL SELECT account_id, -spent_micros FROM wallets) GROUP BY account_id HAVING sum(cost) <> 0"},
};

/// Each row is a sentence about something that must not be.
constexpr std::string_view impossible_rows[] = {
    "SELECT 'event ' || request_id || ' has a negative cost' FROM usage_events WHERE cost_micros < 0",
    "SELECT 'lot ' || id || ' has an amount of ' || amount_micros || ' micros of which ' || consumed_micros "
    "|| "
    "' are consumed' FROM wallet_lots WHERE amount_micros <= 0 OR consumed_micros < 0 "
    "OR consumed_micros > amount_micros",
    "SELECT 'debt of ' || request_id || ' is ' || amount_micros || ' micros of which ' || paid_micros || "
    "' are paid' FROM wallet_debts WHERE amount_micros <= 0 OR paid_micros < 0 OR paid_micros > "
    "amount_micros",
    // A lot that was good for every call so far must be used up before a later one is touched or a debt
    // stays.
    "SELECT 'lot ' || id || ' of account ' || account_id || ' has money left although a later lot or a debt "
    "was "
    "charged' FROM wallet_lots AS lot WHERE consumed_micros < amount_micros AND (expires_at IS NULL OR "
    "expires_at > (SELECT max(started_at) FROM usage_events WHERE account_id = lot.account_id)) AND (EXISTS "
    "(SELECT 1 FROM wallet_lots AS later WHERE later.account_id = lot.account_id AND "
    "later.sequence > lot.sequence AND later.consumed_micros > 0) OR EXISTS (SELECT 1 FROM wallet_debts AS "
    "debt "
    "WHERE debt.account_id = lot.account_id AND debt.paid_micros < debt.amount_micros))",
    "SELECT 'call ' || request_id || ' took wallet ' || account_id || ' below zero although it stayed within "
    "what "
    "was set aside for it' FROM wallet_debts WHERE broken = 1 AND paid_micros < amount_micros",
};

constexpr std::string_view noteworthy_rows[] = {
    "SELECT 'account ' || account_id || ' owes ' || sum(amount_micros - paid_micros) || ' micros for ' || "
    "count(*) || ' calls that cost more than was set aside' FROM wallet_debts "
    "WHERE broken = 0 AND paid_micros < amount_micros GROUP BY account_id",
    "SELECT count(*) || ' calls cost more than was set aside for them' FROM usage_events "
    "WHERE bound_micros > 0 AND cost_micros > bound_micros HAVING count(*) > 0",
    "SELECT count(*) || ' calls were cut off by a process that died and charged what was known' "
    "FROM usage_events WHERE usage_source = 'interrupted' HAVING count(*) > 0",
    "SELECT 'events of days before ' || day || ' were forgotten; their sums by day stand for them' "
    "FROM ledger_horizon WHERE day > '0000-00-00'",
};

void compare(Connection& connection, const Comparison& comparison, ports::LedgerReport& report) {
    auto rows = connection.query(comparison.sql);
    while (rows.step()) {
        report_difference(report, std::string(comparison.what) + " " + rows.text(0) + ": " +
                                      std::to_string(rows.integer(1)) + " requests and " +
                                      base::to_string(rows.money(2)) + " too many");
    }
}

using Totals = std::map<std::string, base::Money>;

Totals purses_from_days(Connection& connection) {
    Totals totals;
    auto rows = connection.query("SELECT key_id, day, sum(cost_micros) FROM usage_days GROUP BY key_id, day");
    while (rows.step()) {
        const auto day = domain::parse_day(rows.text(1));
        for (const auto period : domain::budget_periods) {
            if (!day) continue;
            totals[domain::budget_purse_name(base::KeyId(rows.text(0)), period, *day)] += rows.money(2);
        }
    }
    return totals;
}

/// Names are derived here and not in SQL: one place spells them, and SQLite knows no ISO week.
void compare_purses(Connection& connection, ports::LedgerReport& report) {
    Totals expected = purses_from_days(connection);
    auto rows = connection.query("SELECT name, spent_micros FROM purse_totals");
    while (rows.step()) {
        const auto found = expected.find(rows.text(0));
        const base::Money right = found == expected.end() ? base::Money() : found->second;
        if (rows.money(1) != right || found == expected.end()) {
            report_difference(report, "purse " + rows.text(0) + " says " + base::to_string(rows.money(1)) +
                                          ", the sums by day say " + base::to_string(right));
        }
        if (found != expected.end()) expected.erase(found);
    }
    for (const auto& [name, spent] : expected) {
        report_difference(report,
                          "purse " + name + " is missing; the sums by day say " + base::to_string(spent));
    }
}

void check_file(Connection& connection, ports::LedgerReport& report) {
    auto rows = connection.query("PRAGMA integrity_check(10)");
    while (rows.step()) {
        if (rows.text(0) != "ok") report_difference(report, "the database file is damaged: " + rows.text(0));
    }
}

std::vector<std::string> sentences(Connection& connection, std::string_view sql) {
    std::vector<std::string> found;
    auto rows = connection.query(sql);
    while (rows.step()) found.push_back(rows.text(0));
    return found;
}

void count(Connection& connection, ports::LedgerReport& report) {
    auto events = connection.query("SELECT count(*), coalesce(sum(cost_micros), 0) FROM usage_events");
    events.step();
    report.events = static_cast<std::uint64_t>(events.integer(0));
    report.total = events.money(1);
    auto lots = connection.query("SELECT count(*) FROM wallet_lots");
    lots.step();
    report.lots = static_cast<std::uint64_t>(lots.integer(0));
}

constexpr std::size_t forget_at_once = 5000;

/// An event's day begins at most a day before or after the same day of UTC.
base::WallTime surely_after(std::chrono::local_days day) {
    return base::WallTime(day.time_since_epoch()) + std::chrono::days(1);
}

} // namespace

base::Result<ports::LedgerReport> SqliteLedger::verify() {
    return database_.read([](Connection& connection) -> base::Result<ports::LedgerReport> {
        ports::LedgerReport report;
        count(connection, report);
        check_file(connection, report);
        for (const Comparison& comparison : comparisons) compare(connection, comparison, report);
        compare_purses(connection, report);
        for (const std::string_view sql : impossible_rows) {
            for (std::string& sentence : sentences(connection, sql)) {
                report_difference(report, std::move(sentence));
            }
        }
        for (const std::string_view sql : noteworthy_rows) {
            for (std::string& sentence : sentences(connection, sql))
                report.notes.push_back(std::move(sentence));
        }
        return report;
    });
}

base::Result<std::size_t> SqliteLedger::forget_before(std::chrono::local_days day) {
    const std::string first_kept = domain::to_string(day);
    std::size_t forgotten = 0;
    // In small steps, so that calls can be counted meanwhile; the horizon goes first, so that the books are
    // right after every one.
    while (true) {
        const auto step = database_.write([&](Connection& connection) -> base::Result<std::int64_t> {
            connection.query("UPDATE ledger_horizon SET day = ?1 WHERE day < ?1").bind(first_kept).run();
            connection.query("DELETE FROM usage_hours WHERE hour < ?2 AND day < ?1")
                .bind(first_kept, surely_after(day))
                .run();
            return connection
                .query("DELETE FROM usage_events WHERE sequence IN (SELECT sequence FROM usage_events "
                       "WHERE started_at < ?2 AND day < ?1 LIMIT ?3)")
                .bind(first_kept, surely_after(day), forget_at_once)
                .run();
        });
        if (!step) return base::fail(step.error());
        forgotten += static_cast<std::size_t>(*step);
        if (*step < static_cast<std::int64_t>(forget_at_once)) return forgotten;
    }
}

} // namespace tollgate::storage::sqlite
