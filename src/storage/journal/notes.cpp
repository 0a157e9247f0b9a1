#include "storage/journal/notes.hpp"

#include <atomic>
#include <cstdint>
#include <cstring>
#include <new>

namespace tollgate::storage::journal {

namespace {

constexpr std::string_view notes_magic = "tollgate notes 1\n";

/// A record's first four bytes are its length, which is zero while there is none: stored last and wiped
/// first, so that a death in between leaves no record instead of half a one.
std::atomic_ref<std::uint32_t> length_of(std::span<char> bytes) {
    return std::atomic_ref(*std::launder(reinterpret_cast<std::uint32_t*>(bytes.data())));
}

std::string header(std::string_view boot) {
    return std::string(notes_magic) + std::string(boot) + "\n";
}

} // namespace

bool NotePlace::Half::keep(std::string_view record) noexcept {
    if (record.size() > bytes.size()) return false;
    std::uint32_t length = 0;
    std::memcpy(&length, record.data(), sizeof length);
    std::memcpy(bytes.data() + sizeof length, record.data() + sizeof length, record.size() - sizeof length);
    length_of(bytes).store(length, std::memory_order_release);
    used = record.size();
    return true;
}

void NotePlace::wipe() noexcept {
    if (opening_.bytes.empty()) return;
    length_of(opening_.bytes).store(0, std::memory_order_release);
    length_of(end_.bytes).store(0, std::memory_order_release);
}

void NotePlace::clear() noexcept {
    wipe();
    opening_.used = 0;
    end_.used = 0;
}

NotePlace Notes::add() noexcept {
    if (used_ == notes_in_a_file) {
        const std::string head = header(files_.boot());
        // The first place holds the header.
        auto mapped =
            files_.map(file_name(mapped_.size() + 1, notes_suffix), (notes_in_a_file + 1) * note_size);
        if (!mapped || head.size() > note_size) return NotePlace();
        head.copy((*mapped)->bytes().data(), head.size());
        mapped_.push_back(std::move(*mapped));
        used_ = 0;
    }
    return NotePlace(mapped_.back()->bytes().subspan(++used_ * note_size, note_size));
}

void read_notes(std::string_view bytes, std::string_view boot, RecordSink& sink) {
    if (!bytes.starts_with(header(boot))) return;
    for (std::size_t at = note_size; at + note_size <= bytes.size(); at += note_size) {
        // What is not whole was never said to be kept.
        for (const std::string_view half :
             {bytes.substr(at, opening_size), bytes.substr(at + opening_size, note_size - opening_size)}) {
            if (auto note = read_record(half)) sink.take(std::move(note->record));
        }
    }
}

} // namespace tollgate::storage::journal
