#include "tollgate/upstream/openai_usage.hpp"

#include "upstream/lenient_answer.hpp"
#include "upstream/strict_answer.hpp"

#include <string>
#include <utility>

namespace tollgate::upstream {

AnswerChunk read_chunk(std::string_view json) {
    auto chunk = read_strictly(json);
    return chunk ? std::move(*chunk) : read_leniently(json);
}

WholeAnswer read_answer(std::string_view json) {
    return read_whole_strictly(json);
}

std::vector<domain::Splice> cost_splices(const ReportedUsage& reported, base::Money cost,
                                         std::string_view currency) {
    std::vector<domain::Splice> splices;
    std::string added;
    const auto put = [&](std::string_view name, std::string text, std::optional<domain::Span> present) {
        if (present) {
            splices.push_back({.at = *present, .text = std::move(text)});
        } else {
            added.append(",\"").append(name).append("\":").append(text);
        }
    };
    put("cost", base::to_string(cost), reported.cost_value);
    put("currency", "\"" + std::string(currency) + "\"", reported.currency_value);
    if (added.empty()) return splices;
    const std::size_t closing_brace = reported.usage_object.offset + reported.usage_object.length - 1;
    splices.push_back({.at = {.offset = closing_brace, .length = 0}, .text = std::move(added)});
    return splices;
}

} // namespace tollgate::upstream
