// Reads an answer whose JSON is not strict: what stands before a fault counts, and so does what stands beside
// a value that nobody should send, such as NaN. With simdjson's on-demand parser. Any thread.
#pragma once

#include "tollgate/upstream/openai_usage.hpp"

#include <string_view>

namespace tollgate::upstream {

AnswerChunk read_leniently(std::string_view json);

} // namespace tollgate::upstream
