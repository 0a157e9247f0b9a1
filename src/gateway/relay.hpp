// Carries a provider's good answer to the client: whole, or as a pull loop that reads some, meters it, writes
// it. Back-pressure comes free: nothing is read while a write waits.
#pragma once

#include "gateway/passage.hpp"
#include "tollgate/upstream/connection.hpp"
#include "tollgate/upstream/provider.hpp"

namespace tollgate::gateway {

/// The whole body, at most `limit` bytes. Errors: connection_closed (cut), invalid_response, idle_timeout,
/// total_timeout, client_gone.
runtime::Task<base::Result<std::string>> read_whole(Passage& passage, upstream::Connection& connection,
                                                    const upstream::Timeouts& timeouts);

/// Answers with a plain body. Sets the passage's outcome, or its failure if nothing went out.
runtime::Task<> relay_plain(Passage& passage, upstream::Connection& connection,
                            const upstream::AnswerHead& answer, const upstream::Timeouts& timeouts);

/// Answers with an event stream. From its first byte on the client is answered: the outcome is always set.
/// Frees `answer`, which a long stream needs no more.
runtime::Task<> relay_stream(Passage& passage, upstream::Connection& connection, upstream::AnswerHead& answer,
                             const upstream::Timeouts& timeouts);

/// Puts the provider's fields that may cross into the client's answer.
void copy_fields(const http::Fields& fields, http::Responder& responder);

} // namespace tollgate::gateway
