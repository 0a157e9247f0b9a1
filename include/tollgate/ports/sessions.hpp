// Who is signed in: one row for each session, so that a session can be listed and ended although its token is
// signed. Blocking, any thread, like KeyStore.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/base/ids.hpp"
#include "tollgate/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tollgate::ports {

using SessionId = base::Id<struct SessionIdTag>; // "ses_" + 32 hex

struct Session {
    SessionId id{};
    base::AccountId account_id{};
    std::uint64_t version = 1; // the account's session_version when it began; void once that has grown
    base::WallTime created_at{};
    base::WallTime last_seen_at{};
    base::WallTime expires_at{};
    std::string address{};    // from where it began
    std::string user_agent{}; // what the client called itself
    friend bool operator==(const Session&, const Session&) = default;
};

class Sessions {
public:
    virtual ~Sessions() = default;

    /// Also drops what has expired and, beyond `most` of the account, its oldest ones. Error: not_found
    /// (account).
    virtual base::Result<void> create(const Session& session, std::size_t most) = 0;

    /// Whatever its state.
    virtual base::Result<std::optional<Session>> find(const SessionId& id) = 0;

    /// Those that have not expired, newest first.
    virtual base::Result<std::vector<Session>> list(const base::AccountId& account_id,
                                                    base::WallTime now) = 0;

    /// Sets last_seen_at; nothing happens if it has ended.
    virtual base::Result<void> touch(const SessionId& id, base::WallTime now) = 0;

    /// False: this account has no such session.
    virtual base::Result<bool> end(const base::AccountId& account_id, const SessionId& id) = 0;

    /// Ends the account's sessions, except one if it is named. Returns how many.
    virtual base::Result<std::size_t> end_all(const base::AccountId& account_id,
                                              const std::optional<SessionId>& except) = 0;
};

} // namespace tollgate::ports
