// One call of the management API while it is worked on, on a thread of the blocking pool: what was asked, by
// whom, and the parts that can answer. And the answer. Owned by the coroutine that serves the request.
#pragma once

#include "dashboard/fields.hpp"
#include "dashboard/json_reply.hpp"
#include "dashboard/origin.hpp"
#include "dashboard/query.hpp"
#include "dashboard/token.hpp"
#include "tollgate/dashboard/dashboard.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tollgate::dashboard {

/// What the parts of the API work with; the same for every call of a worker.
struct Parts {
    ports::Storage& storage;
    const Cluster& cluster;
    const DashboardSettings& settings;
};

/// Who asks.
struct Identity {
    ports::Account account{};
    ports::SessionId session_id{}; // empty: an API key was shown
    bool is_admin() const { return account.role == ports::Role::admin; }
};

struct Call {
    Parts parts;
    std::shared_ptr<const ModelList> models;
    std::string method{};
    std::string id{}; // of the path; empty where it has none
    Query query{};
    std::string text{}; // of the body, as it came
    JsonValue body{};
    std::string address{}; // of the client, proxies that are trusted taken away
    std::string user_agent{};
    Scheme scheme = Scheme::http;
    std::optional<TokenClaims> claims{};      // signed by us and in time; whether it lasts is not known yet
    std::optional<base::Digest> key_secret{}; // of an API key in Authorization
    std::string device{};                     // the cookie that marks a browser
    base::WallTime now{};
    Identity identity{}; // empty where anyone may ask
};

/// More of a body, piece by piece; each is made on the blocking pool.
class BodySource {
public:
    virtual ~BodySource() = default;
    /// Empty: that was all.
    virtual base::Result<std::string> next() = 0;
};

struct Reply {
    int status = 200;
    std::string content_type = "application/json";
    std::string body{};
    std::vector<std::pair<std::string, std::string>> fields{};
    std::unique_ptr<BodySource> more{};
};

inline Reply reply(const Json& value, int status = 200) {
    return {.status = status, .body = dump(value)};
}

inline Reply no_content() {
    return {.status = 204};
}

/// Writes into the audit log that the caller did `action` to `target`. A log that cannot be written does not
/// undo what was done: it is told to the operator's log instead.
void audit(const Call& call, std::string_view action, const std::string& target,
           const Json& details = Json::object());

/// May anyone register now, as the first who can sign in and so as admin? While accounts that only own keys
/// exist, open registration is asked for: where it is closed, an owner who works from the command line wants
/// nobody else.
base::Result<bool> needs_first_account(const Call& call);

/// The account that a call is about: the caller's own, or, for admins, the one that `account_id` names;
/// nothing for "all". Errors: not_found for another's, as for one that does not exist; admin_required for
/// "all".
base::Result<std::optional<base::AccountId>> account_in_question(Call& call);

} // namespace tollgate::dashboard
