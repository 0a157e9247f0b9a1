// Any bytes as a provider's answer: what is read lies inside it, and the cost can be put where it says.
#include "tollgate/base/check.hpp"
#include "tollgate/upstream/openai_usage.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace tollgate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view json(reinterpret_cast<const char*>(data), size);
    upstream::measure_answer(json);
    const auto reported = upstream::read_usage(json);
    if (!reported) return 0;
    TG_CHECK(upstream::may_hold_usage(json));
    std::string edited(json);
    auto splices = upstream::cost_splices(*reported, base::Money::of_micros(1'234'567), "INR");
    std::ranges::sort(splices, std::greater(), [](const auto& splice) { return splice.at.offset; });
    for (const auto& splice : splices) {
        TG_CHECK(splice.at.offset + splice.at.length <= size);
        edited.replace(splice.at.offset, splice.at.length, splice.text);
    }
    if (!nlohmann::json::accept(json)) return 0; // found in spite of a fault elsewhere
    const auto again = upstream::read_usage(edited);
    TG_CHECK(again.has_value() && again->usage == reported->usage);
    return 0;
}
