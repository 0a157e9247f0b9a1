// Any bytes as an event stream: every split gives the same events, no byte is lost, and both readers of an
// event agree.
#include "fuzz/fuzz_input.hpp"
#include "tollgate/base/check.hpp"
#include "tollgate/http/event_stream.hpp"

#include <vector>

namespace tollgate::http {

namespace {

struct Scanned {
    std::vector<std::size_t> ends{}; // offsets in the stream
    bool is_at_boundary = true;
    friend bool operator==(const Scanned&, const Scanned&) = default;
};

void scan_piece(EventScanner& scanner, std::string_view piece, std::size_t offset, Scanned& scanned) {
    std::size_t done = 0;
    while (true) {
        const std::size_t end = scanner.find_event_end(piece.substr(done));
        if (end == EventScanner::npos) break;
        TG_CHECK(end <= piece.size() - done);
        done += end;
        const std::size_t last = scanned.ends.empty() ? 0 : scanned.ends.back();
        TG_CHECK(offset + done > last);
        scanned.ends.push_back(offset + done);
    }
    scanned.is_at_boundary = scanner.is_at_boundary();
}

Scanned scan(fuzz::Pieces pieces) {
    EventScanner scanner;
    Scanned scanned;
    for (std::size_t offset = 0; !pieces.is_empty();) {
        const std::string_view piece = pieces.take();
        scan_piece(scanner, piece, offset, scanned);
        offset += piece.size();
    }
    return scanned;
}

void check_event(std::string_view bytes) {
    const Event event = parse_event(bytes);
    const std::string_view simple = simple_event_data(bytes);
    TG_CHECK(event.has_data || simple.data() == nullptr);
    TG_CHECK(simple.data() == nullptr || simple == event.data);
    TG_CHECK(simple.data() == nullptr || simple.data() + simple.size() <= bytes.data() + bytes.size());
}

void check(std::string_view bytes, std::uint32_t seed) {
    EventScanner scanner;
    Scanned whole;
    scan_piece(scanner, bytes, 0, whole);
    TG_CHECK(scan(fuzz::Pieces(bytes, seed)) == whole);
    std::size_t start = 0;
    for (const std::size_t end : whole.ends) {
        check_event(bytes.substr(start, end - start));
        start = end;
    }
    check_event(bytes);
}

} // namespace

} // namespace tollgate::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    tollgate::fuzz::Input input(data, size);
    const std::uint32_t seed = input.take_byte();
    tollgate::http::check(input.rest(), seed);
    return 0;
}
