// The journal: what this node knows and the database does not yet, in append-only files. Owned by app.
// Workers take a slot at admission and push records into it without waiting; two or three threads of the
// journal write files in batches, sync them in groups and carry ended calls into the ledger.
//
// What has been written survives `kill -9` of the process; what has been synced survives a power cut.
#pragma once

#include "tollgate/domain/ledger_event.hpp"
#include "tollgate/ports/ledger.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tollgate::storage {

namespace journal {
struct Call;
class Engine;
} // namespace journal

/// When records are synced to disk: never by us, in groups behind the writing, or before a write is told.
enum class JournalSync { none, group, each };

/// Told after each batch that the ledger took, on a thread of the journal, which calls it has now and the new
/// totals of their purses: post them to the workers, whose quota stores take the totals as a floor.
class TotalsListener {
public:
    virtual ~TotalsListener() = default;
    virtual void counted(std::span<const domain::UsageView> events,
                         std::span<const domain::PurseTotal> totals) noexcept = 0;
};

struct JournalSettings {
    std::filesystem::path directory{}; // of this process alone
    std::string node{};
    JournalSync sync = JournalSync::group;
    std::chrono::microseconds linger{200};       // how long a record that is waited for waits for others
    std::chrono::milliseconds write_interval{5}; // how long a record that nobody waits for stays in memory
    std::chrono::milliseconds sync_interval{
        10}; // JournalSync::group: a record is synced this long after it was written
    std::chrono::milliseconds flush_interval{
        200};                  // how long an ended call waits for others to go into the ledger with
    std::size_t batch = 5'000; // ended calls in one transaction
    std::size_t segment_size = 16U << 20U;
    std::size_t calls = 65'536;         // in flight, more are refused; half as many may wait for the ledger
    base::WallTime (*now)() = nullptr;  // the wall clock; must be set
    TotalsListener* listener = nullptr; // outlives the journal
};

enum class WriteOutcome { written, failed };

/// Told once, on a thread of the journal, when a record is in the file (JournalSync::each: on disk) or could
/// not be written. Must only post. Lives until it was told.
class WriteNotice {
public:
    virtual ~WriteNotice() = default;
    virtual void told(WriteOutcome outcome) noexcept = 0;
};

/// One call's place in the journal, taken at admission: nothing that follows can fail for want of room.
/// Belongs to one worker at a time; ends before the journal does.
///
/// Begun and then destroyed without an end, the call is charged its last checkpoint, else the input estimate.
class JournalEntry {
public:
    JournalEntry() = default;
    JournalEntry(JournalEntry&& other) noexcept;
    JournalEntry& operator=(JournalEntry&& other) noexcept;
    ~JournalEntry();

    /// Before the request is sent. A call is sure to be charged after a kill once `notice` was told
    /// `written`; without a notice that is so after JournalSettings::write_interval. Once told `failed`, do
    /// not send: withdraw() and refuse.
    void begin(domain::OpenRecord record, WriteNotice* notice = nullptr) noexcept;

    /// The same at once, where that is possible: true, and the call is sure to be charged after a kill.
    /// False: nothing has begun; use begin().
    bool try_begin(const domain::OpenView& record) noexcept;

    /// What a long stream has used so far. Skipped while the one before is still on its way to the file.
    void checkpoint(const domain::Checkpoint& checkpoint) noexcept;

    /// The end: the event goes into the file and then, exactly once, into the ledger. Once, after begin().
    void close(const domain::UsageView& event) noexcept;

    /// The request was never sent: nothing is charged or listed.
    void withdraw() noexcept;

private:
    friend class Journal;
    JournalEntry(journal::Engine& engine, journal::Call& call) : engine_(&engine), call_(&call) {}

    journal::Engine* engine_ = nullptr;
    journal::Call* call_ = nullptr;
};

/// What was found in the directory at the start and done with it.
struct JournalRecovery {
    std::size_t segments = 0;
    std::size_t ended = 0;         // calls that had ended
    std::size_t interrupted = 0;   // calls that had not, charged what was known
    std::size_t counted = 0;       // of both, those the ledger did not have yet
    std::size_t torn_bytes = 0;    // cut off ends of files
    std::size_t damaged_bytes = 0; // inside of files, which are kept as *.damaged
    std::size_t refused = 0;       // events that the ledger would not take, kept in *.refused
};

struct JournalStatus {
    bool is_writable = true;         // false: the disk refuses; new calls are refused
    bool is_ledger_reachable = true; // false: ended calls pile up in the files
    std::size_t calls = 0;           // slots in use
    std::size_t waiting = 0;         // ended calls in memory that the ledger does not have yet
    std::size_t spilled = 0;         // files with ended calls that are no longer in memory
    std::size_t refused = 0;         // events that the ledger would not take, kept in *.refused
    std::string problem{};           // the last error, empty when all is well
};

class Journal {
public:
    /// Locks the directory, carries what a process before left there into the ledger, starts the threads.
    /// Error: storage_unavailable (directory locked, unreadable, of a later version; ledger unreachable).
    static base::Result<std::unique_ptr<Journal>> open(JournalSettings settings, ports::Ledger& ledger);

    /// Writes what is queued, gives the ledger what it takes at the first try and leaves the rest in the
    /// files.
    ~Journal();

    /// Any thread. Nothing: every slot is taken or the disk refuses; answer 503 storage_unavailable.
    std::optional<JournalEntry> take_slot() noexcept;

    /// Any thread; cheap.
    bool is_healthy() const noexcept;
    JournalStatus status() const;
    const JournalRecovery& recovery() const;

    /// Waits until the ledger has every call that ended before, at most `limit`; says whether it has. For
    /// tests and orderly ends, not for workers.
    bool flush(std::chrono::milliseconds limit);

private:
    explicit Journal(std::unique_ptr<journal::Engine> engine);
    std::unique_ptr<journal::Engine> engine_;
};

/// What becomes of the files once the ledger has all that is in them.
enum class ReplayedFiles { keep, remove };

struct JournalReplay {
    std::filesystem::path path{}; // a directory, or one file of it
    base::WallTime now{};         // the end of calls that were cut off
    std::size_t batch = 500;      // ended calls in one transaction
    ReplayedFiles files = ReplayedFiles::keep;
};

struct ReplayReport {
    JournalRecovery found{};
    std::size_t unended = 0; // of a single file: calls that did not end in it; the next file may know, so
                             // that they are not charged
};

/// Carries the journal of a process that is dead into the ledger by hand, each call exactly once: as a start
/// on this directory would, or of a single file (a damaged or refused one, too) the calls that ended in it.
/// Takes the directory's lock. Errors: not_found, storage_unavailable (locked by a living process,
/// unreadable, of a later version, no journal; ledger unreachable).
base::Result<ReplayReport> replay_journal(const JournalReplay& replay, ports::Ledger& ledger);

/// Files in a journal's directory that need a person: damaged segments and refused events. Takes no lock.
std::vector<std::string> journal_leftovers(const std::filesystem::path& directory);

} // namespace tollgate::storage
