// Notes of calls: memory of files, so that what a worker stores there outlives a `kill -9` of the process
// without a system call (docs/decisions/0032). A note holds a call's open record from before it is sent, and
// its event from when it has ended, until a segment has the event (docs/decisions/0043). A power cut is the
// segments' business: notes of another boot are not believed, since nobody knows which of their pages reached
// the disk.
#pragma once

#include "storage/journal/files.hpp"
#include "storage/journal/scan.hpp"

#include <memory>
#include <span>
#include <vector>

namespace tollgate::storage::journal {

inline constexpr std::string_view notes_suffix = ".notes";
inline constexpr std::size_t note_size = 1024;
inline constexpr std::size_t opening_size = 448; // of it; the rest is the end's
inline constexpr std::size_t notes_in_a_file = 256;

/// Where one call's note stands; empty: there is none. A worker writes a record before it pushes the step of
/// it. What is wiped is gone for the next process; this one can read it until clear().
class NotePlace {
public:
    NotePlace() = default;
    explicit NotePlace(std::span<char> bytes)
        : opening_{.bytes = bytes.first(opening_size)}, end_{.bytes = bytes.subspan(opening_size)} {}

    /// Keeps a framed record. False: it has no room here.
    bool keep_opening(std::string_view record) noexcept { return opening_.keep(record); }
    bool keep_end(std::string_view record) noexcept { return end_.keep(record); }

    /// The framed records that are kept; empty: none is. Their first four bytes, the length, may be wiped,
    /// even while they are looked at.
    std::string_view opening() const noexcept { return opening_.kept(); }
    std::string_view end() const noexcept { return end_.kept(); }

    void wipe() noexcept;
    /// The same for this process, too.
    void clear() noexcept;

private:
    struct Half {
        std::span<char> bytes{};
        std::size_t used = 0;

        bool keep(std::string_view record) noexcept;
        std::string_view kept() const noexcept { return {bytes.data(), used}; }
    };

    Half opening_;
    Half end_;
};

/// The files, made as places are asked for. Used by one thread at a time.
class Notes {
public:
    explicit Notes(Files& files) : files_(files) {}

    /// A further place, which is the caller's for good; an empty one where the disk has no room or the file
    /// system cannot promise it.
    NotePlace add() noexcept;

private:
    Files& files_;
    std::vector<std::shared_ptr<MappedFile>> mapped_;
    std::size_t used_ = notes_in_a_file; // of the last file
};

/// Gives `sink` the open records and events that stand in the bytes of a notes file of this boot.
void read_notes(std::string_view bytes, std::string_view boot, RecordSink& sink);

} // namespace tollgate::storage::journal
