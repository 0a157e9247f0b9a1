// What the Anthropic endpoints share: headers, usage object, errors; and the endpoints, one function each.
#pragma once

#include "simulator/format.hpp"

#include <string>
#include <string_view>

namespace tollgate::simulator::anthropic {

/// A 200 with Anthropic's headers.
Reply reply_for(const Call& call);

/// The usual error type follows from the status.
Reply error(const Failure& failure);

/// 400, type invalid_request_error.
Reply refused(std::string message);

/// Anthropic's counts do not overlap: what was read from or written to the cache is not in input_tokens.
Json usage_object(const TokenCounts& counts);

/// Text of a JSON value; invalid UTF-8 is replaced rather than thrown over.
std::string text(const Json& json);

Reply answer_messages(const Call& call);
Reply answer_count_tokens(const Call& call);

} // namespace tollgate::simulator::anthropic
