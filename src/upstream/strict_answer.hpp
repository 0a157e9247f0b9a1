// Reads an answer, or a part of one, whose JSON is strict, as nearly all of it is: once, in place. Any
// thread.
#pragma once

#include "tollgate/upstream/openai_usage.hpp"

#include <optional>
#include <string_view>

namespace tollgate::upstream {

/// Nothing where the JSON is not strict, and where a name is written with escapes: then it is read leniently.
std::optional<AnswerChunk> read_strictly(std::string_view json);

/// The same of a whole answer, without its text; names may have escapes.
WholeAnswer read_whole_strictly(std::string_view json);

} // namespace tollgate::upstream
