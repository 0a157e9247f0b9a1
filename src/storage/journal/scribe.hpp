// The writer's work without its thread: turns steps into records of the current segment, begins a new segment
// when one is full or broken, and hands ended calls on. Owned by Engine; used by the writer thread, in tests
// by the test.
//
// A segment is broken by the first error: its end may hold half a record, and after a failed sync nobody
// knows what of it is on disk. So the next one begins with every call that is still open, and the steps that
// failed follow. Whatever the broken one holds as well is harmless, because the ledger counts by request id.
#pragma once

#include "storage/journal/handoff.hpp"
#include "storage/journal/record.hpp"

namespace tollgate::storage::journal {

class Scribe {
public:
    struct Parts {
        Files& files;
        CallPool& pool;
        DeliveryQueue& deliveries;
        StatusBoard& status;
    };

    /// Segments are numbered from `first_number` on.
    Scribe(Parts parts, const JournalSettings& settings, std::uint64_t first_number);

    /// Writes the steps, in order. What the disk refuses is kept and comes first the next time; notices of
    /// calls that begin are told either way.
    void write(std::vector<Step*> steps);

    /// Tries again what was refused, and ends a segment that spilled once there is room to hand over. To be
    /// called now and then.
    void retry();

    /// JournalSync::group: the syncer could not sync this file.
    void sync_failed(const std::shared_ptr<SegmentFile>& file, const base::Error& error);

    /// The segment being written, for the syncer; nullptr before the first record and while broken.
    const std::shared_ptr<SegmentFile>& file() const { return file_; }
    bool has_pending() const { return !pending_.empty(); }

    /// The end: finishes the segment, so that the flusher can remove it unless calls are still open.
    void finish();

private:
    base::Result<void> write_pending();
    base::Result<void> put(std::string_view bytes);
    base::Result<void> begin_segment();
    base::Result<void> write_segment_start(SegmentFile& file, std::uint64_t number);
    void end_segment();
    void refuse_beginnings();
    void encode(Step& step);
    template <class Fields>
    void append(std::string_view framed, const std::unique_ptr<Fields>& fields);
    void apply(Step& step);
    void hand_over(const Call& call);
    void push_ended();
    void link(Call& call);
    void unlink(Call& call);
    std::size_t room_to_hand_over() const;

    Parts parts_;
    const std::string node_;
    const std::string process_;
    const std::size_t segment_size_;
    const std::size_t calls_limit_;
    const JournalSync sync_;
    base::WallTime (*const now_)();

    std::vector<Step*> pending_;
    Delivery ended_;          // calls that the steps which are being applied end
    std::size_t room_ = 0;    // for more of them
    std::vector<Call*> done_; // slots that these steps are the last of
    std::string buffer_;
    std::shared_ptr<SegmentFile> file_;
    std::uint64_t number_ = 0; // of the current segment
    std::uint64_t next_number_ = 0;
    std::size_t written_ = 0; // bytes of the current segment
    bool is_begun_ = false;   // the current segment's file exists, broken or not
    bool is_spilled_ = false; // it holds ended calls that were not handed over
    Call* first_open_ = nullptr;
};

} // namespace tollgate::storage::journal
