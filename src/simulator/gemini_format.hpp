// What the Gemini endpoints share: headers, usage metadata, errors; and the endpoint behind
// models/{model}:{verb}.
#pragma once

#include "simulator/format.hpp"

#include <string>
#include <string_view>

namespace tollgate::simulator::gemini {

/// A 200 with Google's headers.
Reply reply_for(const Call& call);

Reply error(const Failure& failure);

/// 400, INVALID_ARGUMENT.
Reply refused(std::string message);

/// usageMetadata: thoughts are not in candidatesTokenCount, cached content is in promptTokenCount.
Json usage_object(const TokenCounts& counts);

/// Text of a JSON value; invalid UTF-8 is replaced rather than thrown over.
std::string text(const Json& json);

/// generateContent, streamGenerateContent, countTokens; 404 for other verbs.
Reply answer_verb(const Call& call);

} // namespace tollgate::simulator::gemini
