#include "storage/journal/scan.hpp"

namespace tollgate::storage::journal {

ScanReport scan_segment(std::string_view bytes, RecordSink& sink) {
    ScanReport report;
    std::size_t at = bytes.starts_with(segment_magic) ? segment_magic.size() : 0;
    std::size_t bad_bytes = 0;
    while (at < bytes.size()) {
        auto found = read_record(bytes.substr(at));
        if (!found) {
            ++at;
            ++bad_bytes;
            continue;
        }
        at += found->size;
        report.damaged_bytes += bad_bytes;
        bad_bytes = 0;
        ++report.records;
        if (const auto* header = std::get_if<SegmentHeader>(&found->record)) {
            report.has_header = true;
            report.version = header->version;
        } else {
            sink.take(std::move(found->record));
        }
    }
    report.torn_bytes = bad_bytes;
    return report;
}

} // namespace tollgate::storage::journal
