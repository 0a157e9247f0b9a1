// Where the journal's threads meet: the only mutexes of the journal are here, because a record passes from a
// worker to the writer, which gives its slot back, and on to the flusher, and nothing else is shared.
// Workers touch the pool (a short lock per call) and push steps without a lock.
#pragma once

#include "storage/journal/call.hpp"
#include "storage/journal/files.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace tollgate::storage::journal {

/// Slots. Memory grows to `limit` calls and is then reused.
class CallPool {
public:
    /// Each slot gets a place for a note, if there are notes.
    explicit CallPool(std::size_t limit, Notes* notes = nullptr) : limit_(limit), notes_(notes) {}
    Call* take() noexcept; // nullptr: none left
    void give_back(Call& call) noexcept;
    void give_back(std::span<Call* const> calls) noexcept;
    std::size_t in_use() const;

private:
    const std::size_t limit_;
    Notes* const notes_;
    mutable std::mutex mutex_;
    std::deque<Call> calls_;
    std::vector<Call*> idle_;
};

/// Steps from any thread to the writer, in the order in which each thread pushed them.
class StepQueue {
public:
    void push(Step& step) noexcept;

    /// Waits for a step, a stop or `limit`; says whether there is a step.
    bool wait(std::stop_token stop, std::chrono::milliseconds limit);

    /// Lets more steps come in until `time` has passed, somebody waits for one of them, or a stop.
    void gather(std::stop_token stop, std::chrono::milliseconds time);

    /// Lets more steps come in for `time`, unless stopped.
    void linger(std::stop_token stop, std::chrono::microseconds time);

    bool is_awaited() const { return is_awaited_.load(std::memory_order_relaxed); }

    /// Everything pushed so far, oldest first.
    std::vector<Step*> take();

    /// The writer is done with `count` steps that it took.
    void finish(std::size_t count) { finished_.fetch_add(count, std::memory_order_release); }
    /// Was every step finished that had been pushed before?
    bool is_finished() const {
        const std::size_t finished = finished_.load(std::memory_order_acquire);
        return pushed_count_.load(std::memory_order_acquire) == finished;
    }

private:
    std::atomic<std::size_t> pushed_count_{0};
    std::atomic<std::size_t> finished_{0};
    void wake() noexcept;

    std::atomic<Step*> newest_{nullptr};
    std::atomic<bool> is_awaited_{false}; // somebody waits for a step that was pushed
    std::mutex mutex_;
    std::condition_variable_any pushed_;
};

/// From the writer to the flusher: ended calls and, behind the last of its calls, each finished segment.
struct Delivery {
    std::string events{};      // framed, as they were written
    std::size_t calls = 0;     // so many; 0: the segment is finished
    std::uint64_t segment = 0; // that is finished
    bool is_spilled = false;   // the segment holds ended calls that were not handed over

    std::size_t size() const { return calls == 0 ? 1 : calls; }
};

/// Counts calls and finished segments.
class DeliveryQueue {
public:
    void push(Delivery delivery);
    /// Waits for the first, then up to `gather` for more, and takes `most`, or some more if they were
    /// delivered together; nothing after a stop.
    std::vector<Delivery> take(std::stop_token stop, std::size_t most, std::chrono::milliseconds gather);
    /// Pushed and not finished.
    std::size_t size() const;

    /// The flusher has worked through `count` of what it took.
    void finish(std::size_t count);
    /// Sleeps, unless stopped.
    void pause(std::stop_token stop, std::chrono::milliseconds time);

private:
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Delivery> waiting_;
    std::size_t untaken_ = 0;
    std::size_t unfinished_ = 0;
};

/// The file that has unsynced bytes, from the writer to the syncer.
class SyncQueue {
public:
    struct Fault {
        std::shared_ptr<SegmentFile> file{};
        base::Error error{};
    };

    void push(std::shared_ptr<SegmentFile> file);
    /// Waits for a file and then for `delay`, in which more may be written to it; nullptr: stopped.
    std::shared_ptr<SegmentFile> take(std::stop_token stop, std::chrono::milliseconds delay);
    void report(Fault fault);
    std::optional<Fault> take_fault();

private:
    std::optional<Fault> fault_;
    std::mutex mutex_;
    std::condition_variable_any pushed_;
    std::shared_ptr<SegmentFile> file_;
};

/// What the threads report and anyone may ask.
class StatusBoard {
public:
    void writable();
    void unwritable(const base::Error& error);
    void ledger_reached();
    void ledger_missed(const base::Error& error);
    void spilled(int change);
    void refused(std::size_t more);
    bool is_writable() const noexcept { return is_writable_.load(std::memory_order_relaxed); }
    JournalStatus read() const;

private:
    std::atomic<bool> is_writable_{true};
    mutable std::mutex mutex_;
    JournalStatus status_;
    std::string disk_problem_;
    std::string ledger_problem_;
};

} // namespace tollgate::storage::journal
