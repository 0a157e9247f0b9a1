#include "app/commands/commands.hpp"
#include "app/open_storage.hpp"
#include "app/table.hpp"
#include "tollgate/storage/journal.hpp"

#include <nlohmann/json.hpp>

namespace tollgate::app {

namespace {

/// Files that the journal set aside: money in them is not in the books.
std::vector<std::string> leftovers(const config::Config& config) {
    std::vector<std::string> sentences;
    for (const std::string& name : storage::journal_leftovers(config.storage.journal)) {
        sentences.push_back("the journal set " + config.storage.journal + "/" + name +
                            " aside: calls in it may be missing in the books (docs/money.md)");
    }
    return sentences;
}

void print_report(const ports::LedgerReport& report, const std::string& currency, Terminal& terminal) {
    for (const std::string& sentence : report.differences) {
        terminal.out << "DIFFERENCE  " << printable(sentence) << '\n';
    }
    for (const std::string& sentence : report.notes) terminal.out << "note  " << printable(sentence) << '\n';
    terminal.out << report.events << " events of " << base::to_string(report.total) << ' ' << currency
                 << " and " << report.lots << " wallet lots: "
                 << (report.differences.empty() ? "the books are right" : "the books are WRONG") << '\n';
}

base::Result<void> verify_ledger(const CommonOptions& options, Terminal& terminal) {
    const auto config = load_config(options, terminal);
    if (!config) return base::fail(config.error());
    const auto storage = open_storage(config->storage);
    if (!storage) return base::fail(storage.error());
    auto report = (*storage)->ledger().verify();
    if (!report) return base::fail(std::move(report.error()));
    for (std::string& sentence : leftovers(*config)) report->differences.push_back(std::move(sentence));
    if (options.json) {
        const nlohmann::ordered_json printed = {{"right", report->differences.empty()},
                                                {"events", report->events},
                                                {"total", base::to_string(report->total)},
                                                {"currency", config->billing.currency},
                                                {"lots", report->lots},
                                                {"differences", report->differences},
                                                {"notes", report->notes}};
        terminal.out << printed.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
                     << '\n';
    } else {
        print_report(*report, config->billing.currency, terminal);
    }
    if (report->differences.empty()) return {};
    // Everything was said.
    return base::fail(base::ErrorCode::conflict, base::ErrorSource::storage, "");
}

} // namespace

void add_ledger_commands(CLI::App& program, Action& chosen) {
    auto* ledger = program.add_subcommand("ledger", "The books: what every call cost");
    ledger->require_subcommand(1);
    auto* verify = ledger->add_subcommand(
        "verify", "Prove that every event is counted once, sums are equal and wallet lots consistent");
    auto& options = set_work(*verify, chosen, verify_ledger);
    add_config_option(*verify, options);
    add_json_option(*verify, options);
    verify->footer("Exit code 1 on any difference; docs/money.md says what to do then. It may run beside the "
                   "server.\n\nExample:\n  tollgate ledger verify --json");
}

} // namespace tollgate::app
