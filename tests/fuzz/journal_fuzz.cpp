// Any bytes as a segment file: no crash, no read beyond the end, no more records than bytes, and every record
// that is read can be written and read again.
#include "storage/journal/scan.hpp"
#include "tollgate/base/check.hpp"

#include <cstddef>
#include <cstdint>

namespace {

using namespace tollgate;
using namespace tollgate::storage::journal;

class RewrittenRecords final : public RecordSink {
public:
    void take(Record record) override {
        std::string bytes;
        std::visit([&bytes](const auto& fields) { append_record(bytes, fields); }, record);
        const auto again = read_record(bytes);
        TG_CHECK(again && again->size == bytes.size() && again->record == record);
    }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // Text, so that the sanitizer sees a read behind the last byte.
    const std::string bytes(data, data + size);
    RewrittenRecords sink;
    const auto report = scan_segment(bytes, sink);
    TG_CHECK(report.torn_bytes + report.damaged_bytes + report.records * record_overhead <= size);
    // The checksum hides the fields from random bytes: read them without it too.
    if (auto record = decode_record(bytes)) sink.take(std::move(*record));
    return 0;
}
