// Any bytes as a chunked body: every split gives the same payload, the same end and the same refusal.
#include "fuzz/fuzz_input.hpp"
#include "tollgate/base/check.hpp"
#include "tollgate/http/chunked.hpp"

#include <string>

namespace tollgate::http {

namespace {

struct Decoded {
    std::string body{};
    std::size_t consumed = 0;
    bool is_done = false;
    bool is_refused = false;
    friend bool operator==(const Decoded&, const Decoded&) = default;
};

/// Reads one piece; `consumed` counts only what was accepted before a refusal.
void read_piece(ChunkedReader& reader, std::string_view piece, Decoded& decoded) {
    while (!piece.empty() && !reader.is_done()) {
        const auto step = reader.next(piece);
        if (!step) {
            decoded.is_refused = true;
            return;
        }
        TG_CHECK(step->consumed > 0 && step->consumed <= piece.size());
        TG_CHECK(step->payload.size() <= step->consumed);
        decoded.body.append(step->payload);
        decoded.consumed += step->consumed;
        piece.remove_prefix(step->consumed);
    }
    decoded.is_done = reader.is_done();
}

Decoded decode(fuzz::Pieces pieces) {
    ChunkedReader reader;
    Decoded decoded;
    while (!pieces.is_empty() && !decoded.is_done && !decoded.is_refused) {
        read_piece(reader, pieces.take(), decoded);
    }
    return decoded;
}

void check(std::string_view bytes, std::uint32_t seed) {
    ChunkedReader reader;
    Decoded whole;
    read_piece(reader, bytes, whole);
    Decoded split = decode(fuzz::Pieces(bytes, seed));
    // A refusal consumes nothing of its piece, so how much was accepted before depends on the pieces.
    if (whole.is_refused) split.consumed = whole.consumed;
    TG_CHECK(split == whole);
    TG_CHECK(whole.body.size() <= bytes.size());
}

} // namespace

} // namespace tollgate::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    tollgate::fuzz::Input input(data, size);
    const std::uint32_t seed = input.take_byte();
    tollgate::http::check(input.rest(), seed);
    return 0;
}
