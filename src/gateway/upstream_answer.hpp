// What a provider's status means to the line (contract §3, last paragraph). Pure.
#pragma once

#include "gateway/passage.hpp"
#include "tollgate/http/head.hpp"

#include <string>

namespace tollgate::gateway {

/// good: relay it; passes: an error of the caller's that crosses as it is; busy: the same, but worth another
/// try (429); ours: our credential is refused; broken: the provider is.
enum class AnswerKind { good, passes, busy, ours, broken };

AnswerKind answer_kind(int status);

/// The error that the client sees when nothing better comes. Never quotes the provider's text.
base::Error failure_of(AnswerKind kind, int status, const std::string& provider);

/// The pause that the provider asks for: retry-after-ms, else retry-after in whole seconds.
std::optional<std::chrono::milliseconds> wanted_pause(const http::Fields& fields);

/// Is the body in a content coding? We ask for none, so it is an answer that cannot be metered.
bool has_content_coding(const http::Fields& fields);

/// An error body that may cross: a JSON object with an `error` member. Nothing for HTML and the like.
std::optional<PassedAnswer> passable(const http::ResponseHead& head, std::string body);

/// The error for a failure of the connection or of the wait.
base::Error failure_of(const base::Error& cause, const std::string& provider);

} // namespace tollgate::gateway
