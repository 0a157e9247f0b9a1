// One call in the journal's memory and the steps that a worker pushes for it. A step's fields are the
// worker's until it is pushed and the writer's afterwards.
#pragma once

#include "storage/journal/notes.hpp"
#include "tollgate/storage/journal.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

namespace tollgate::storage::journal {

enum class StepKind : std::uint8_t { begin, checkpoint, close, abandon, withdraw };

struct Step {
    Step* next = nullptr;
    Call* call = nullptr;
    StepKind kind = StepKind::begin;
};

struct Call {
    Step begin_step{};
    Step checkpoint_step{};
    Step end_step{};

    // Where the note does not hold them.
    std::unique_ptr<domain::OpenRecord> open{};
    std::unique_ptr<domain::UsageEvent> event{};
    domain::Checkpoint pushed_checkpoint{};        // on its way to the writer
    std::atomic<bool> checkpoint_is_pushed{false}; // set by the worker, cleared by the writer
    WriteNotice* notice = nullptr;
    NotePlace note{};      // the worker's until begin is pushed, then the writer's
    bool is_begun = false; // the worker's: begin was pushed

    // The writer's.
    std::optional<domain::Checkpoint> last_checkpoint{};
    Call* previous_open = nullptr; // in the list of calls with a begin in the files and no end
    Call* next_open = nullptr;
    bool is_open = false;
    bool ends_now = false;  // its end is among the steps that are being written
    std::size_t end_at = 0; // where its event stands among them, and how long it is
    std::size_t end_size = 0;
};

/// What the call began with, from wherever it is.
domain::OpenRecord opening_of(const Call& call);

} // namespace tollgate::storage::journal
