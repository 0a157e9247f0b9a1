// Notes of calls that are about to be sent: memory of files, so that what a worker stores there outlives a
// `kill -9` of the process without a system call (docs/decisions/0032). A note bridges the milliseconds until
// the writer has the call's open record in a segment and stands until the call's end is there. A power cut is
// the segments' business: notes of another boot are not believed, since nobody knows which of their pages
// reached the disk.
#pragma once

#include "storage/journal/files.hpp"
#include "storage/journal/scan.hpp"

#include <memory>
#include <span>
#include <vector>

namespace tollgate::storage::journal {

inline constexpr std::string_view notes_suffix = ".notes";
inline constexpr std::size_t note_size = 512; // a larger record has none
inline constexpr std::size_t notes_in_a_file = 256;

/// Where one call's note stands; empty: there is none. A call's worker writes it, the writer wipes it.
class NotePlace {
public:
    NotePlace() = default;
    explicit NotePlace(std::span<char> bytes) : bytes_(bytes) {}

    /// Keeps a framed record. False: it has no room here.
    bool keep(std::string_view record) noexcept;
    void wipe() noexcept;

private:
    std::span<char> bytes_;
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

/// Gives `sink` what stands in the bytes of a notes file of this boot.
void read_notes(std::string_view bytes, std::string_view boot, RecordSink& sink);

} // namespace tollgate::storage::journal
