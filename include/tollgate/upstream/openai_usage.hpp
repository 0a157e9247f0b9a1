// What an answer in OpenAI's wire format says about its cost: the usage object of a whole body or of one
// event's data, where the cost goes into it, and how much text the answer holds. Reads JSON without building
// a tree. Any thread; each keeps a parser of its own.
#pragma once

#include "tollgate/base/money.hpp"
#include "tollgate/domain/call.hpp"
#include "tollgate/domain/token_estimate.hpp"
#include "tollgate/domain/usage.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace tollgate::upstream {

struct ReportedUsage {
    domain::Usage usage{};
    domain::Span usage_object{}; // with its braces, in the JSON that was read
    bool choices_empty = false;  // `choices` is [] or absent: the chunk says nothing but the usage
    // Of members that a provider which is a gateway itself has put there.
    std::optional<domain::Span> cost_value{};
    std::optional<domain::Span> currency_value{};
};

/// What a whole answer or one chunk of it says.
struct AnswerChunk {
    domain::TextMeasure text{};
    std::optional<ReportedUsage> reported{};
};

/// `text` is what the client gets: content, reasoning, refusals, the names and arguments of tool calls. What
/// is no whole object, a body that was cut off, counts as it stands.
///
/// `reported` is the top-level `usage` of a chat completion, completion, embedding or chunk, in disjoint
/// kinds. Nothing when it is absent, null or no usage: without prompt tokens, or with a count that is
/// negative, fractional or above 2^40. Zero is a count. Counts inside that contradict the total are cut to
/// it. What the total has beyond prompt and completion is thinking (Gemini, xAI) and counts as output.
AnswerChunk read_chunk(std::string_view json);

/// A whole answer that is not passed on unless it is what it says.
struct WholeAnswer {
    bool is_object = false; // one whole object of strict JSON in UTF-8, with nothing but blanks around it
    std::optional<ReportedUsage> reported{}; // as above
};
WholeAnswer read_answer(std::string_view json);

/// Puts `"cost":0.001234,"currency":"INR"` into the usage object, in place of members of these names.
std::vector<domain::Splice> cost_splices(const ReportedUsage& reported, base::Money cost,
                                         std::string_view currency);

} // namespace tollgate::upstream
