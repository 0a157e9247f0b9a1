// Beginning, recognising and ending sessions, and the cookies that carry them. On the blocking pool.
#pragma once

#include "dashboard/call.hpp"

namespace tollgate::dashboard {

/// Begins a session of its own for the account, whatever session the caller had (which ends), and sets the
/// cookies on the answer.
base::Result<ports::Session> begin_session(Call& call, const ports::Account& account, Reply& answer);

/// Takes the cookie away.
void forget_session(const Call& call, Reply& answer);

/// Who asks, by the session or the API key. Errors: missing_session, invalid_session, account_disabled, and
/// what a key can be refused for.
base::Result<Identity> identify(const Call& call);

Json to_json(const ports::Account& account);
Json to_json(const ports::Session& session, const ports::SessionId& current);

} // namespace tollgate::dashboard
