// Reading a segment file back: every whole record in order, past bytes that are damaged. Pure.
#pragma once

#include "storage/journal/record.hpp"

namespace tollgate::storage::journal {

/// Takes records in the order of the file.
class RecordSink {
public:
    virtual ~RecordSink() = default;
    virtual void take(Record record) = 0;
};

struct ScanReport {
    bool has_header = false;
    std::uint64_t version = 0;
    std::size_t records = 0;
    std::size_t torn_bytes = 0;    // at the end: a write that a crash cut short
    std::size_t damaged_bytes = 0; // before a later record: something changed the file
};

/// Searches on, byte by byte, behind a record that is not whole; a stretch with a good record after it is
/// damage, one at the end is a torn tail.
ScanReport scan_segment(std::string_view bytes, RecordSink& sink);

} // namespace tollgate::storage::journal
