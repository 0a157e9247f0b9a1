#include "storage/journal/posix_files.hpp"
#include "storage/journal/recovery.hpp"

#include <system_error>

namespace tollgate::storage {

base::Result<ReplayReport> replay_journal(const JournalReplay& replay, ports::Ledger& ledger) {
    std::error_code fault;
    const auto status = std::filesystem::status(replay.path, fault);
    if (!std::filesystem::exists(status)) {
        return base::reject(base::ErrorCode::not_found, "there is no " + replay.path.string());
    }
    const bool is_directory = std::filesystem::is_directory(status);
    const auto directory = is_directory ? replay.path : std::filesystem::absolute(replay.path).parent_path();
    const auto files = journal::PosixFiles::open(directory);
    if (!files) return base::fail(files.error());
    journal::LedgerFeed feed(ledger, **files, nullptr);
    const journal::RecoveryRules rules{.batch = replay.batch, .now = replay.now, .files = replay.files};
    if (!is_directory) return recover_file(replay.path.filename().string(), **files, feed, rules);
    const auto recovered = journal::recover(**files, feed, rules);
    if (!recovered) return base::fail(recovered.error());
    return ReplayReport{.found = recovered->report};
}

} // namespace tollgate::storage
