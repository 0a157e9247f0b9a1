// What the OpenAI endpoints share: headers, usage object, errors.
#pragma once

#include "simulator/format.hpp"

#include <string>

namespace tollgate::simulator::openai {

inline constexpr std::string_view system_fingerprint = "fp_44709d6fcb";

/// A 200 with OpenAI's headers.
Reply reply_for(const Call& call);

/// A 200 with OpenAI's headers and this body.
Reply json_reply(const Call& call, const Json& body);

Reply error(const Failure& failure);

/// The call's fault: 400, type invalid_request_error.
Failure bad_request(std::string message, std::string param);

/// prompt_tokens, completion_tokens, total_tokens and the details.
Json usage_object(const TokenCounts& counts);

/// Text of a JSON value; invalid UTF-8 is replaced rather than thrown over.
std::string text(const Json& json);

} // namespace tollgate::simulator::openai
