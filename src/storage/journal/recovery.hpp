// What a process left in its journal, carried into the ledger before the next one takes calls: ended calls as
// they ended, calls without an end as interrupted ones. Called at the start, before there are threads.
#pragma once

#include "storage/journal/feed.hpp"

namespace tollgate::storage::journal {

struct Recovered {
    JournalRecovery report{};
    std::uint64_t next_number = 1; // no file has it
};

struct RecoveryRules {
    std::size_t batch = 500;
    base::WallTime now{}; // the end of calls that were cut off
    ReplayedFiles files = ReplayedFiles::remove;
};

/// Removes the segments once the ledger has everything; damaged ones are renamed. To be repeated after an
/// error: nothing is counted twice. Error: storage_unavailable.
base::Result<Recovered> recover(Files& files, LedgerFeed& feed, const RecoveryRules& rules);

/// The calls that ended in one file; it is left where it is. Error: storage_unavailable, also for a file that
/// is no journal.
base::Result<ReplayReport> recover_file(const std::string& name, Files& files, LedgerFeed& feed,
                                        const RecoveryRules& rules);

} // namespace tollgate::storage::journal
