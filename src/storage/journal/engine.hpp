// The journal's threads: a writer for files, a syncer for JournalSync::group and a flusher into the ledger.
// Owned by Journal.
#pragma once

#include "storage/journal/feed.hpp"
#include "storage/journal/recovery.hpp"
#include "storage/journal/scribe.hpp"

#include <thread>

namespace tollgate::storage::journal {

class Engine {
public:
    /// Starts the threads. `files` holds no segment from `recovered.next_number` on.
    Engine(JournalSettings settings, std::unique_ptr<Files> files, ports::Ledger& ledger,
           Recovered recovered);
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    /// See Journal::~Journal.
    ~Engine();

    CallPool& pool() { return pool_; }
    StepQueue& steps() { return steps_; }
    const StatusBoard& board() const { return board_; }
    JournalStatus status() const;
    const JournalRecovery& recovery() const { return recovery_; }
    bool flush(std::chrono::milliseconds limit);

private:
    void write_files(const std::stop_token& stop);
    void sync_files(const std::stop_token& stop);
    void flush_calls(const std::stop_token& stop);
    bool deliver(const std::stop_token& stop, const std::vector<Delivery>& deliveries);
    bool deliver_calls(const std::stop_token& stop, const std::vector<Delivery>& deliveries);
    bool deliver_segment(const std::stop_token& stop, const Delivery& segment);

    /// Repeats `work` until it succeeds, at growing distances; false: stopped, and the last try failed too.
    template <class Work>
    bool persist(const std::stop_token& stop, Work work);

    const JournalSettings settings_;
    const std::unique_ptr<Files> files_;
    const JournalRecovery recovery_;
    Notes notes_;
    CallPool pool_;
    StepQueue steps_;
    DeliveryQueue deliveries_;
    SyncQueue syncs_;
    StatusBoard board_;
    LedgerFeed feed_;
    Scribe scribe_;
    std::jthread flusher_;
    std::jthread syncer_;
    std::jthread writer_;
};

} // namespace tollgate::storage::journal
