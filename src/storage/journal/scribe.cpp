#include "storage/journal/scribe.hpp"

#include "tollgate/base/digest.hpp"

#include <algorithm>
#include <utility>

namespace tollgate::storage::journal {

namespace {

bool is_end(const Step& step) {
    return step.kind == StepKind::close || step.kind == StepKind::abandon || step.kind == StepKind::withdraw;
}

} // namespace

Scribe::Scribe(Parts parts, const JournalSettings& settings, std::uint64_t first_number)
    : parts_(parts),
      node_(settings.node),
      process_(base::random_hex(8)),
      segment_size_(settings.segment_size),
      calls_limit_(settings.calls),
      sync_(settings.sync),
      now_(settings.now),
      next_number_(first_number) {}

void Scribe::write(std::vector<Step*> steps) {
    if (pending_.empty()) {
        pending_ = std::move(steps);
    } else {
        pending_.insert(pending_.end(), steps.begin(), steps.end());
    }
    retry();
}

void Scribe::retry() {
    if (is_spilled_ && room_to_hand_over() > 0) static_cast<void>(begin_segment());
    if (pending_.empty()) {
        if (parts_.status.is_writable() || begin_segment()) parts_.status.writable();
        return;
    }
    auto written = write_pending();
    // Once more at once, in a new segment: most faults are of one file.
    if (!written) written = write_pending();
    if (written) {
        parts_.status.writable();
    } else {
        parts_.status.unwritable(written.error());
        refuse_beginnings();
    }
}

base::Result<void> Scribe::write_pending() {
    buffer_.clear();
    for (const Step* step : pending_)
        if (is_end(*step)) step->call->ends_now = true;
    for (Step* step : pending_) encode(*step);
    if (file_ == nullptr || written_ + buffer_.size() > segment_size_) {
        std::string records = std::exchange(buffer_, {});
        const auto begun = begin_segment();
        // A full segment goes on rather than lose a record.
        if (!begun && file_ == nullptr) return begun;
        buffer_ = std::move(records);
    }
    if (auto written = put(buffer_); !written) {
        file_.reset();
        return written;
    }
    room_ = room_to_hand_over();
    for (Step* step : pending_) apply(*step);
    pending_.clear();
    push_ended();
    // Which wipes their notes: the file has the end.
    parts_.pool.give_back(done_);
    done_.clear();
    return {};
}

base::Result<void> Scribe::put(std::string_view bytes) {
    if (auto written = write_all(*file_, bytes); !written) return written;
    written_ += bytes.size();
    if (sync_ != JournalSync::each) return {};
    return file_->sync();
}

base::Result<void> Scribe::write_segment_start(SegmentFile& file, std::uint64_t number) {
    buffer_.assign(segment_magic);
    append_record(buffer_, SegmentHeader{.node = node_, .process = process_, .number = number});
    for (const Call* call = first_open_; call != nullptr; call = call->next_open) {
        append(call->note.opening(), call->open);
        if (call->last_checkpoint) append_record(buffer_, *call->last_checkpoint);
    }
    if (auto written = write_all(file, buffer_); !written) return written;
    // Older segments go once this one stands for their open calls: it has to be on disk before.
    if (auto synced = file.sync(); !synced) return synced;
    return parts_.files.sync_directory();
}

base::Result<void> Scribe::begin_segment() {
    const std::uint64_t number = next_number_++;
    auto created = parts_.files.create(file_name(number, segment_suffix));
    if (!created) return base::fail(created.error());
    if (auto written = write_segment_start(**created, number); !written) {
        // Half a segment repeats what others hold; without it the directory stays tidy while the disk is
        // full. It must not outlive the records of how its calls ended: then the flusher removes it in turn.
        if (!parts_.files.remove(file_name(number, segment_suffix)))
            parts_.deliveries.push({.segment = number});
        return written;
    }
    // What the segment before has not synced yet is in memory too, and the ledger has it soon.
    if (file_ != nullptr && sync_ != JournalSync::none) static_cast<void>(file_->sync());
    end_segment();
    file_ = std::move(*created);
    number_ = number;
    written_ = buffer_.size();
    is_begun_ = true;
    return {};
}

void Scribe::end_segment() {
    if (!is_begun_) return;
    parts_.deliveries.push({.segment = number_, .is_spilled = is_spilled_});
    file_.reset();
    is_begun_ = false;
    is_spilled_ = false;
}

void Scribe::sync_failed(const std::shared_ptr<SegmentFile>& file, const base::Error& error) {
    if (file != file_) return; // its records live on in a later one
    file_.reset();
    parts_.status.unwritable(error);
    retry();
}

void Scribe::refuse_beginnings() {
    std::erase_if(pending_, [](Step* step) {
        Call& call = *step->call;
        if (step->kind != StepKind::begin || call.notice == nullptr) return false;
        std::exchange(call.notice, nullptr)->told(WriteOutcome::failed);
        return true;
    });
}

void Scribe::encode(Step& step) {
    Call& call = *step.call;
    switch (step.kind) {
    case StepKind::begin:
        // The event says all of it. Until it is in the file the note stands for the call.
        if (!call.ends_now) append(call.note.opening(), call.open);
        break;
    case StepKind::checkpoint:
        append_record(buffer_, call.pushed_checkpoint);
        call.last_checkpoint = call.pushed_checkpoint; // an end in the same batch needs it
        break;
    case StepKind::abandon:
        call.event = std::make_unique<domain::UsageEvent>(
            domain::interrupted_event(opening_of(call), call.last_checkpoint, now_()));
        step.kind = StepKind::close;
        [[fallthrough]];
    case StepKind::close:
        call.end_at = buffer_.size();
        append(call.note.end(), call.event);
        call.end_size = buffer_.size() - call.end_at;
        break;
    case StepKind::withdraw:
        append_record(buffer_, Withdrawal{.request_id = opening_of(call).request_id});
        break;
    }
}

/// What is framed already is not framed again.
template <class Fields>
void Scribe::append(std::string_view framed, const std::unique_ptr<Fields>& fields) {
    if (fields != nullptr) {
        append_record(buffer_, *fields);
    } else {
        append_framed(buffer_, framed);
    }
}

void Scribe::apply(Step& step) {
    Call& call = *step.call;
    switch (step.kind) {
    case StepKind::begin:
        if (!call.ends_now) link(call);
        if (call.notice != nullptr) std::exchange(call.notice, nullptr)->told(WriteOutcome::written);
        break;
    case StepKind::checkpoint: call.checkpoint_is_pushed.store(false, std::memory_order_release); break;
    case StepKind::abandon:
    case StepKind::close:
        unlink(call);
        hand_over(call);
        done_.push_back(&call);
        break;
    case StepKind::withdraw:
        unlink(call);
        done_.push_back(&call);
        break;
    }
}

std::size_t Scribe::room_to_hand_over() const {
    const std::size_t most = calls_limit_ / 2;
    return most - std::min(most, parts_.deliveries.size());
}

void Scribe::hand_over(const Call& call) {
    if (is_spilled_ || room_ == 0) {
        // The file has it: the flusher reads it there when the ledger is back.
        if (!std::exchange(is_spilled_, true)) parts_.status.spilled(+1);
        return;
    }
    --room_;
    ended_.events.append(buffer_, call.end_at, call.end_size);
    ++ended_.calls;
}

void Scribe::push_ended() {
    if (ended_.calls > 0) parts_.deliveries.push(std::exchange(ended_, {}));
}

void Scribe::link(Call& call) {
    call.is_open = true;
    call.previous_open = nullptr;
    call.next_open = first_open_;
    if (first_open_ != nullptr) first_open_->previous_open = &call;
    first_open_ = &call;
}

void Scribe::unlink(Call& call) {
    if (!std::exchange(call.is_open, false)) return;
    (call.previous_open != nullptr ? call.previous_open->next_open : first_open_) = call.next_open;
    if (call.next_open != nullptr) call.next_open->previous_open = call.previous_open;
}

void Scribe::finish() {
    // No file takes it: the ledger is the last chance.
    buffer_.clear();
    for (Step* step : pending_) {
        if (step->kind != StepKind::close) continue;
        encode(*step);
        ++ended_.calls;
    }
    ended_.events = std::exchange(buffer_, {});
    push_ended();
    // Open calls are in this segment alone: it stays, and the next start charges them.
    if (first_open_ == nullptr && pending_.empty()) end_segment();
    pending_.clear();
}

} // namespace tollgate::storage::journal
