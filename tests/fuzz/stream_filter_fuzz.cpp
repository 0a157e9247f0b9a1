// Any bytes as a provider's event stream: what reaches the client and what is charged does not depend on how
// the bytes are split, nothing but whole events passes, and without an edit it is what came.
#include "fuzz_input.hpp"
#include "gateway/stream_filter.hpp"
#include "tollgate/base/check.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace tollgate;

namespace {

struct Result {
    std::string out{};
    bool done = false;
    bool failed = false;
    domain::Usage usage{};

    bool operator==(const Result&) const = default;
};

Result filter(std::string_view bytes, gateway::UsageChunk choice, std::uint32_t seed) {
    const gateway::Tariff tariff{};
    const domain::Call call{};
    gateway::UsageMeter meter{call};
    const gateway::Bill bill{tariff, gateway::PricedTarget{}};
    gateway::StreamFilter filter{meter, bill, choice};
    Result result;
    fuzz::Pieces pieces(bytes, seed);
    while (!pieces.is_empty() && !filter.is_done()) {
        const std::string piece(seed == 0 ? bytes : pieces.take());
        const auto passed = filter.pass(piece);
        TG_CHECK(passed.has_value()); // too short for an endless event
        result.out += *passed;
        if (seed == 0) break;
    }
    result.done = filter.is_done();
    result.failed = filter.has_failed();
    result.usage = meter.usage();
    return result;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const auto choice = static_cast<gateway::UsageChunk>(input.take_byte() % 3);
    const std::uint32_t seed = 1U + input.take_byte();
    const Result whole = filter(input.rest(), choice, 0);
    TG_CHECK(whole == filter(input.rest(), choice, seed));
    if (choice == gateway::UsageChunk::pass) TG_CHECK(input.rest().starts_with(whole.out));
    TG_CHECK(whole.done == (filter(input.rest(), gateway::UsageChunk::pass, 0).done));
    return 0;
}
