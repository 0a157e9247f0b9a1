// From the journal into the ledger: batches of ended calls, each counted once by the ledger itself. An event
// that the ledger can never take is kept in a file of its own instead of holding up all others. Used by one
// thread at a time.
#pragma once

#include "storage/journal/files.hpp"
#include "storage/journal/scan.hpp"
#include "tollgate/storage/journal.hpp"

namespace tollgate::storage::journal {

struct FeedSummary {
    std::size_t inserted = 0;
    std::size_t repeated = 0;
    std::size_t refused = 0;
};

class LedgerFeed {
public:
    LedgerFeed(ports::Ledger& ledger, Files& files, TotalsListener* listener)
        : ledger_(ledger), files_(files), listener_(listener) {}

    /// Error: storage_unavailable; nothing is lost by giving the same events again.
    base::Result<FeedSummary> append(std::span<const domain::UsageView> events);
    base::Result<FeedSummary> append(std::span<const domain::UsageEvent> events);

private:
    base::Result<FeedSummary> append_in_halves(std::span<const domain::UsageView> events);
    base::Result<void> keep_refused(std::span<const domain::UsageView> events);

    ports::Ledger& ledger_;
    Files& files_;
    TotalsListener* listener_;
};

/// Puts every ended call of a segment's bytes into the ledger.
base::Result<FeedSummary> feed_segment(std::string_view bytes, LedgerFeed& feed, std::size_t batch);

} // namespace tollgate::storage::journal
