// Any bytes as a provider's answer: what is read lies inside it, both readers read it alike, and the cost can
// be put where it says.
#include "tollgate/base/check.hpp"
#include "tollgate/upstream/openai_usage.hpp"
#include "upstream/lenient_answer.hpp"
#include "upstream/strict_answer.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace tollgate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view json(reinterpret_cast<const char*>(data), size);
    const auto reported = upstream::read_chunk(json).reported;
    if (const auto strict = upstream::read_strictly(json)) {
        const auto lenient = upstream::read_leniently(json);
        TG_CHECK(strict->text == lenient.text &&
                 strict->reported.has_value() == lenient.reported.has_value());
        TG_CHECK(!reported || strict->reported->usage == lenient.reported->usage);
    }
    if (!reported) return 0;
    std::string edited(json);
    auto splices = upstream::cost_splices(*reported, base::Money::of_micros(1'234'567), "INR");
    std::ranges::sort(splices, std::greater(), [](const auto& splice) { return splice.at.offset; });
    for (const auto& splice : splices) {
        TG_CHECK(splice.at.offset + splice.at.length <= size);
        edited.replace(splice.at.offset, splice.at.length, splice.text);
    }
    if (!nlohmann::json::accept(json)) return 0; // found in spite of a fault elsewhere
    const auto again = upstream::read_chunk(edited).reported;
    TG_CHECK(again.has_value() && again->usage == reported->usage);
    return 0;
}
