#include "tollgate/storage/journal.hpp"

#include "storage/journal/engine.hpp"
#include "storage/journal/posix_files.hpp"
#include "storage/journal/record.hpp"
#include "tollgate/base/check.hpp"

#include <algorithm>
#include <utility>

namespace tollgate::storage {

using journal::Call;
using journal::Engine;
using journal::Step;
using journal::StepKind;

namespace {

void push(Engine& engine, Call& call, Step& step, StepKind kind) noexcept {
    step.call = &call;
    step.kind = kind;
    engine.steps().push(step);
}

/// Good until the next call.
template <class Fields>
std::string_view frame(const Fields& fields) {
    thread_local std::string framed;
    framed.clear();
    journal::append_record(framed, fields);
    return framed;
}

} // namespace

JournalEntry::JournalEntry(JournalEntry&& other) noexcept
    : engine_(std::exchange(other.engine_, nullptr)), call_(std::exchange(other.call_, nullptr)) {}

JournalEntry& JournalEntry::operator=(JournalEntry&& other) noexcept {
    std::swap(engine_, other.engine_);
    std::swap(call_, other.call_);
    return *this;
}

JournalEntry::~JournalEntry() {
    if (call_ == nullptr) return;
    if (call_->is_begun) {
        push(*engine_, *call_, call_->end_step, StepKind::abandon);
    } else {
        engine_->pool().give_back(*call_);
    }
}

void JournalEntry::begin(domain::OpenRecord record, WriteNotice* notice) noexcept {
    TG_CHECK(call_ != nullptr && !call_->is_begun);
    call_->open = std::make_unique<domain::OpenRecord>(std::move(record));
    call_->notice = notice;
    call_->is_begun = true;
    push(*engine_, *call_, call_->begin_step, StepKind::begin);
}

bool JournalEntry::try_begin(const domain::OpenView& record) noexcept {
    TG_CHECK(call_ != nullptr && !call_->is_begun);
    if (!call_->note.keep_opening(frame(record))) return false;
    call_->is_begun = true;
    push(*engine_, *call_, call_->begin_step, StepKind::begin);
    return true;
}

void JournalEntry::checkpoint(const domain::Checkpoint& checkpoint) noexcept {
    TG_CHECK(call_ != nullptr && call_->is_begun);
    if (call_->checkpoint_is_pushed.load(std::memory_order_acquire)) return;
    call_->pushed_checkpoint = checkpoint;
    call_->checkpoint_is_pushed.store(true, std::memory_order_relaxed);
    push(*engine_, *call_, call_->checkpoint_step, StepKind::checkpoint);
}

void JournalEntry::close(const domain::UsageView& event) noexcept {
    TG_CHECK(call_ != nullptr && call_->is_begun);
    const bool is_noted = !call_->note.opening().empty() && call_->note.keep_end(frame(event));
    if (!is_noted) call_->event = std::make_unique<domain::UsageEvent>(copy_of(event));
    push(*engine_, *call_, call_->end_step, StepKind::close);
    call_ = nullptr;
}

void JournalEntry::withdraw() noexcept {
    TG_CHECK(call_ != nullptr && call_->is_begun);
    call_->note.wipe(); // before anything else: no death from here on may charge it
    push(*engine_, *call_, call_->end_step, StepKind::withdraw);
    call_ = nullptr;
}

Journal::Journal(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}

Journal::~Journal() = default;

base::Result<std::unique_ptr<Journal>> Journal::open(JournalSettings settings, ports::Ledger& ledger) {
    TG_CHECK(settings.now != nullptr);
    auto files = journal::PosixFiles::open(settings.directory);
    if (!files) return base::fail(std::move(files.error()));
    journal::LedgerFeed feed(ledger, **files, settings.listener);
    auto recovered = journal::recover(**files, feed,
                                      journal::RecoveryRules{.batch = settings.batch, .now = settings.now()});
    if (!recovered) return base::fail(std::move(recovered.error()));
    return std::unique_ptr<Journal>(new Journal(
        std::make_unique<Engine>(std::move(settings), std::move(*files), ledger, std::move(*recovered))));
}

std::optional<JournalEntry> Journal::take_slot() noexcept {
    if (!is_healthy()) return std::nullopt;
    Call* call = engine_->pool().take();
    if (call == nullptr) return std::nullopt;
    return JournalEntry(*engine_, *call);
}

bool Journal::is_healthy() const noexcept {
    return engine_->board().is_writable();
}

JournalStatus Journal::status() const {
    return engine_->status();
}

const JournalRecovery& Journal::recovery() const {
    return engine_->recovery();
}

bool Journal::flush(std::chrono::milliseconds limit) {
    return engine_->flush(limit);
}

std::vector<std::string> journal_leftovers(const std::filesystem::path& directory) {
    std::vector<std::string> names;
    std::error_code fault;
    std::filesystem::directory_iterator entry(directory, fault);
    for (; !fault && entry != std::filesystem::directory_iterator(); entry.increment(fault)) {
        const std::string name = entry->path().filename().string();
        if (name.ends_with(journal::damaged_suffix) || name.ends_with(journal::refused_suffix)) {
            names.push_back(name);
        }
    }
    std::ranges::sort(names);
    return names;
}

} // namespace tollgate::storage
