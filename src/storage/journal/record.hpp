// Records of a segment file: length (4 bytes, little-endian, of what follows the checksum), CRC-32C of the
// same, one byte of type, fields. A segment begins with `segment_magic` and a SegmentHeader. Pure.
#pragma once

#include "tollgate/domain/ledger_event.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace tollgate::storage::journal {

inline constexpr std::string_view segment_magic = "tollgate journal\n";
inline constexpr std::uint64_t segment_version = 1;
inline constexpr std::size_t record_overhead = 8; // length and checksum
inline constexpr std::size_t largest_record = 32 * 1024;

struct SegmentHeader {
    std::uint64_t version = segment_version;
    std::string node{};
    std::string process{}; // random, of one start of the program
    std::uint64_t number = 0;
    friend bool operator==(const SegmentHeader&, const SegmentHeader&) = default;
};

/// The call was never sent upstream: nothing is charged.
struct Withdrawal {
    base::RequestId request_id{};
    friend bool operator==(const Withdrawal&, const Withdrawal&) = default;
};

using Record =
    std::variant<SegmentHeader, domain::OpenRecord, domain::Checkpoint, domain::UsageEvent, Withdrawal>;

void append_record(std::string& out, const SegmentHeader& header);
void append_record(std::string& out, const domain::OpenView& open);
inline void append_record(std::string& out, const domain::OpenRecord& open) {
    append_record(out, view_of(open));
}
void append_record(std::string& out, const domain::Checkpoint& checkpoint);
void append_record(std::string& out, const domain::UsageView& event);
inline void append_record(std::string& out, const domain::UsageEvent& event) {
    append_record(out, view_of(event));
}
void append_record(std::string& out, const Withdrawal& withdrawal);

/// Reads type and fields (what the checksum covers); nothing when they are not exactly one known record.
std::optional<Record> decode_record(std::string_view body);

/// Takes the framed event at the front of bytes that this process has written; its texts stay where they
/// stand. Nothing: something else is there.
std::optional<domain::UsageView> take_event(std::string_view& bytes);

/// The whole record at the front of `bytes`, with its size; nothing when there is none that is whole and
/// right.
struct FramedRecord {
    Record record{};
    std::size_t size = 0;
};
std::optional<FramedRecord> read_record(std::string_view bytes);

/// A record's first bytes: its length, little-endian.
using LengthBytes = std::array<char, 4>;

/// How long a framed record with this length is; 0: there is none, or it is more than there is `room` for.
std::size_t framed_size(const LengthBytes& length, std::size_t room);

/// Appends a record that is framed already. Its length is taken from its size, and not from its first bytes.
void append_framed(std::string& out, std::string_view framed);

} // namespace tollgate::storage::journal
