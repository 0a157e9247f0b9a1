#include "app/commands/commands.hpp"
#include "app/open_storage.hpp"
#include "app/table.hpp"
#include "tollgate/storage/journal.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>

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

struct ReplayOptions {
    CommonOptions common{};
    std::string path{};
    bool remove = false;
};

void print_replay(const storage::ReplayReport& report, const ReplayOptions& options, std::ostream& out) {
    const storage::JournalRecovery& found = report.found;
    out << found.segments << " files: " << found.ended << " calls that had ended, " << found.interrupted
        << " that were cut off and are charged what was known; " << found.counted
        << " of them were not in the books yet\n";
    if (report.unended > 0) {
        out << report.unended << " calls did not end in this file and are left: replay the whole directory\n";
    }
    if (found.torn_bytes > 0)
        out << found.torn_bytes << " bytes at ends of files were cut short by a crash\n";
    if (found.damaged_bytes > 0) {
        out << found.damaged_bytes
            << " damaged bytes were passed over: calls may be missing (docs/money.md)\n";
    }
    if (found.refused > 0) {
        out << found.refused
            << " calls were refused by the ledger and are kept in *.refused (docs/money.md)\n";
    }
    if (options.remove && report.unended == 0 && std::filesystem::is_directory(options.path)) {
        out << "the files were removed, damaged ones renamed\n";
    } else {
        out << "the files were left where they are; to replay them again is harmless\n";
    }
}

base::Result<void> replay_ledger(const ReplayOptions& options, Terminal& terminal) {
    const auto config = load_config(options.common, terminal);
    if (!config) return base::fail(config.error());
    const auto storage = open_storage(config->storage);
    if (!storage) return base::fail(storage.error());
    const storage::JournalReplay replay{.path = options.path,
                                        .now = terminal.now,
                                        .files = options.remove ? storage::ReplayedFiles::remove
                                                                : storage::ReplayedFiles::keep};
    const auto report = storage::replay_journal(replay, (*storage)->ledger());
    if (!report) return base::fail(report.error());
    if (!options.common.json) {
        print_replay(*report, options, terminal.out);
        return {};
    }
    const storage::JournalRecovery& found = report->found;
    const nlohmann::ordered_json printed = {{"files", found.segments},
                                            {"ended", found.ended},
                                            {"interrupted", found.interrupted},
                                            {"counted", found.counted},
                                            {"unended", report->unended},
                                            {"torn_bytes", found.torn_bytes},
                                            {"damaged_bytes", found.damaged_bytes},
                                            {"refused", found.refused}};
    terminal.out << printed.dump() << '\n';
    return {};
}

void add_replay_command(CLI::App& ledger, Action& chosen) {
    auto* replay = ledger.add_subcommand(
        "replay", "Carry the journal of a dead node into the books by hand, every call exactly once");
    auto& options = set_work(*replay, chosen, replay_ledger);
    replay->add_option("path", options.path, "The journal's directory, or one file of it")
        ->required()
        ->type_name("PATH");
    replay->add_flag("--remove", options.remove,
                     "Remove a directory's files once the books have all of them");
    add_config_option(*replay, options.common);
    add_json_option(*replay, options.common);
    replay->footer(
        "A directory that a living process has locked is refused. A node that starts again on its own "
        "directory\ndoes the same by itself.\n\nExample:\n"
        "  tollgate ledger replay /mnt/old-node/journal --config tollgate.yaml");
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
    add_replay_command(*ledger, chosen);
}

} // namespace tollgate::app
