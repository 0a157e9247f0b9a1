// Events are compared with the sums by day and hour, sums by day with every total, totals of wallets with
// lots and debts; so each figure is reached from the events by one chain. docs/money.md says what an operator
// does with a difference.
#include "tollgate/storage/ledger_proof.hpp"

#include "tollgate/domain/purse.hpp"

#include <charconv>
#include <map>

namespace tollgate::storage {

namespace {

/// Of a whole number as a database prints it; a sum that 64 bits cannot hold is wrong in any case.
std::int64_t number_of(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

base::Money money_of(std::string_view text) {
    return base::Money::of_micros(number_of(text));
}

constexpr std::size_t most_differences = 100;

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
           "CASE WHEN status >= 400 THEN 1 ELSE 0 END AS " +
           counts + " FROM usage_events" + where_kept + " UNION ALL SELECT " + key +
           ", -requests, -cost_micros, -wallet_micros, " + minus_counts + " FROM " + table + where_kept +
           ") AS both_sides GROUP BY account_id, bucket, day, key_id, model, provider" + differ;
}

const Comparison comparisons[] = {
    {"events against the sum of day", compare_events("usage_days", "day", "day")},
    {"events against the sum of the hour that began at (micros)",
     compare_events("usage_hours", "hour", "started_at - started_at % 3600000000")},
    {"sums by day against the total of key",
     "SELECT key_id || ', account ' || account_id, sum(requests), sum(cost) FROM ("
     "SELECT key_id, account_id, requests, cost_micros AS cost FROM usage_days "
     "UNION ALL SELECT key_id, account_id, -requests, -spent_micros FROM key_totals) AS both_sides "
     "GROUP BY key_id, account_id HAVING sum(requests) <> 0 OR sum(cost) <> 0"},
    {"sums by day against the total of account",
     "SELECT account_id, sum(requests), sum(cost) FROM ("
     "SELECT account_id, requests, cost_micros AS cost FROM usage_days "
     "UNION ALL SELECT account_id, -requests, -spent_micros FROM account_totals) AS both_sides "
     "GROUP BY account_id HAVING sum(requests) <> 0 OR sum(cost) <> 0"},
    {"sums by day against the total of wallet",
     "SELECT account_id, 0, sum(cost) FROM (SELECT account_id, wallet_micros AS cost FROM usage_days "
     "UNION ALL SELECT account_id, -spent_micros FROM wallets) AS both_sides GROUP BY account_id HAVING "
     "sum(cost) <> 0"},
    {"lots and debts against the total of wallet",
     "SELECT account_id, 0, sum(cost) FROM (SELECT account_id, consumed_micros AS cost FROM wallet_lots "
     "UNION ALL SELECT account_id, amount_micros - paid_micros FROM wallet_debts "
     "UNION ALL SELECT account_id, -spent_micros FROM wallets) AS both_sides GROUP BY account_id HAVING "
     "sum(cost) <> 0"},
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
    // The corrections of an event are a chain that ends in what it costs now.
    "SELECT 'event ' || event.request_id || ' costs ' || event.cost_micros || ' micros, its last correction "
    "says ' || last.after_micros FROM usage_events AS event JOIN usage_corrections AS last ON "
    "last.request_id = event.request_id WHERE last.after_micros <> event.cost_micros AND NOT EXISTS (SELECT "
    "1 "
    "FROM usage_corrections AS later WHERE later.request_id = last.request_id AND "
    "later.sequence > last.sequence)",
    "SELECT 'a correction of event ' || next.request_id || ' began at ' || next.before_micros || ' micros, "
    "the "
    "one before it ended at ' || last.after_micros FROM usage_corrections AS last JOIN usage_corrections AS "
    "next "
    "ON next.request_id = last.request_id AND next.sequence > last.sequence WHERE "
    "next.before_micros <> last.after_micros AND NOT EXISTS (SELECT 1 FROM usage_corrections AS between_them "
    "WHERE between_them.request_id = last.request_id AND between_them.sequence > last.sequence AND "
    "between_them.sequence < next.sequence)",
};

constexpr std::string_view noteworthy_rows[] = {
    "SELECT 'account ' || account_id || ' owes ' || sum(amount_micros - paid_micros) || ' micros for ' || "
    "count(*) || ' calls that cost more than was set aside' FROM wallet_debts "
    "WHERE broken = 0 AND paid_micros < amount_micros GROUP BY account_id",
    "SELECT count(*) || ' calls cost more than was set aside for them' FROM usage_events "
    "WHERE bound_micros > 0 AND cost_micros > bound_micros HAVING count(*) > 0",
    "SELECT count(*) || ' calls were cut off by a process that died and charged what was known' "
    "FROM usage_events WHERE usage_source = 'interrupted' HAVING count(*) > 0",
    "SELECT count(*) || ' calls were priced again afterwards; what they had cost is in usage_corrections' "
    "FROM (SELECT DISTINCT request_id FROM usage_corrections) AS corrected HAVING count(*) > 0",
    "SELECT 'events of days before ' || day || ' were forgotten; their sums by day stand for them' "
    "FROM ledger_horizon WHERE day > '0000-00-00'",
};

void compare(ProofReader& books, const Comparison& comparison, ports::LedgerReport& report) {
    books.read(comparison.sql, [&](const ProofRow& row) {
        report_difference(report, comparison.what + " " + row[0] + ": " + row[1] + " requests and " +
                                      base::to_string(money_of(row[2])) + " too many");
    });
}

using Totals = std::map<std::string, base::Money>;

Totals purses_from_days(ProofReader& books) {
    Totals totals;
    books.read("SELECT key_id, day, sum(cost_micros) FROM usage_days GROUP BY key_id, day",
               [&totals](const ProofRow& row) {
                   const auto day = domain::parse_day(row[1]);
                   for (const auto period : domain::budget_periods) {
                       if (!day) continue;
                       totals[domain::budget_purse_name(base::KeyId(row[0]), period, *day)] +=
                           money_of(row[2]);
                   }
               });
    return totals;
}

/// Names are derived here and not in SQL: one place spells them, and SQLite knows no ISO week.
void compare_purses(ProofReader& books, ports::LedgerReport& report) {
    Totals expected = purses_from_days(books);
    books.read("SELECT name, spent_micros FROM purse_totals", [&](const ProofRow& row) {
        const auto found = expected.find(row[0]);
        const base::Money right = found == expected.end() ? base::Money() : found->second;
        if (money_of(row[1]) != right || found == expected.end()) {
            report_difference(report, "purse " + row[0] + " says " + base::to_string(money_of(row[1])) +
                                          ", the sums by day say " + base::to_string(right));
        }
        if (found != expected.end()) expected.erase(found);
    });
    for (const auto& [name, spent] : expected) {
        report_difference(report,
                          "purse " + name + " is missing; the sums by day say " + base::to_string(spent));
    }
}

void count(ProofReader& books, ports::LedgerReport& report) {
    books.read("SELECT count(*), coalesce(sum(cost_micros), 0) FROM usage_events", [&](const ProofRow& row) {
        report.events = static_cast<std::uint64_t>(number_of(row[0]));
        report.total = money_of(row[1]);
    });
    books.read("SELECT count(*) FROM wallet_lots",
               [&](const ProofRow& row) { report.lots = static_cast<std::uint64_t>(number_of(row[0])); });
}

} // namespace

void report_difference(ports::LedgerReport& report, std::string sentence) {
    if (report.differences.size() < most_differences) report.differences.push_back(std::move(sentence));
}

void prove_books(ProofReader& books, ports::LedgerReport& report) {
    count(books, report);
    for (const Comparison& comparison : comparisons) compare(books, comparison, report);
    compare_purses(books, report);
    for (const std::string_view sql : impossible_rows) {
        books.read(sql, [&report](const ProofRow& row) { report_difference(report, row.front()); });
    }
    for (const std::string_view sql : noteworthy_rows) {
        books.read(sql, [&report](const ProofRow& row) { report.notes.push_back(row[0]); });
    }
}

} // namespace tollgate::storage
