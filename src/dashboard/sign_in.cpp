#include "dashboard/sign_in.hpp"

#include "tollgate/base/digest.hpp"
#include "tollgate/domain/key.hpp"

namespace tollgate::dashboard {

namespace {

constexpr std::size_t most_sessions = 50; // of one account
constexpr std::chrono::seconds device_time = std::chrono::days(400);
constexpr std::chrono::minutes touch_period{1};
constexpr std::size_t longest_user_agent = 256;

std::string cookie(const Call& call, std::string_view name_and_value, std::string_view path,
                   std::chrono::seconds lifetime) {
    std::string text = std::string(name_and_value) + "; Path=" + std::string(path) +
                       "; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(lifetime.count());
    if (call.scheme == Scheme::https) text += "; Secure";
    return text;
}

std::unexpected<base::Error> ended() {
    return base::reject(base::ErrorCode::invalid_session, "the session has ended; sign in again");
}

base::Result<Identity> identify_key(const Call& call) {
    const auto record = call.parts.storage.keys().find_by_secret(*call.key_secret);
    if (!record) return base::fail(record.error());
    if (!*record) return base::reject(base::ErrorCode::invalid_key, "the API key is not valid");
    if (auto usable = domain::check_usable(**record, call.now); !usable) return base::fail(usable.error());
    const auto account = call.parts.storage.accounts().find((*record)->key.account_id);
    if (!account) return base::fail(account.error());
    if (!*account) return base::reject(base::ErrorCode::invalid_key, "the API key is not valid");
    // A key reads its owner's balance, and has no more rights than that.
    Identity identity{.account = **account};
    identity.account.role = ports::Role::member;
    return identity;
}

base::Result<Identity> identify_session(const Call& call) {
    const auto session = call.parts.storage.sessions().find(call.claims->session_id);
    if (!session) return base::fail(session.error());
    if (!*session || (*session)->account_id != call.claims->account_id || (*session)->expires_at <= call.now)
        return ended();
    const auto account = call.parts.storage.accounts().find(call.claims->account_id);
    if (!account) return base::fail(account.error());
    if (!*account || (*account)->session_version != (*session)->version) return ended();
    if ((*account)->disabled) {
        return base::reject(base::ErrorCode::account_disabled, "this account is disabled");
    }
    if (call.now - (*session)->last_seen_at > touch_period) {
        const auto touched = call.parts.storage.sessions().touch((*session)->id, call.now);
        if (!touched) return base::fail(touched.error());
    }
    return Identity{.account = **account, .session_id = (*session)->id};
}

/// Text of the client's that is shown to people: control characters and what is not ASCII are left out.
std::string shown(std::string_view text) {
    std::string kept;
    for (const char c : text.substr(0, longest_user_agent)) {
        if (c >= 0x20 && c < 0x7f) kept.push_back(c);
    }
    return kept;
}

} // namespace

base::Result<ports::Session> begin_session(Call& call, const ports::Account& account, Reply& answer) {
    if (call.claims) {
        const auto old = call.parts.storage.sessions().end(call.claims->account_id, call.claims->session_id);
        if (!old) return base::fail(old.error());
    }
    const DashboardSettings& settings = call.parts.settings;
    const ports::Session session{.id = ports::SessionId("ses_" + base::random_hex(16)),
                                 .account_id = account.id,
                                 .version = account.session_version,
                                 .created_at = call.now,
                                 .last_seen_at = call.now,
                                 .expires_at = call.now + settings.session_time,
                                 .address = call.address,
                                 .user_agent = shown(call.user_agent)};
    const auto created = call.parts.storage.sessions().create(session, most_sessions);
    if (!created) return base::fail(created.error());
    const TokenClaims claims{session.id, account.id, call.now, session.expires_at};
    const std::string token = sign_token(claims, settings.session_secrets.front());
    answer.fields.emplace_back("set-cookie", cookie(call, "token=" + token, "/", settings.session_time));
    const std::string device = sign_device(account.id, settings.session_secrets.front());
    answer.fields.emplace_back("set-cookie", cookie(call, "device=" + device, "/api/auth", device_time));
    return session;
}

void forget_session(const Call& call, Reply& answer) {
    answer.fields.emplace_back("set-cookie", cookie(call, "token=", "/", std::chrono::seconds(0)));
}

base::Result<Identity> identify(const Call& call) {
    if (call.claims) return identify_session(call);
    if (call.key_secret) return identify_key(call);
    return base::reject(base::ErrorCode::missing_session, "sign in first: POST /api/auth/login");
}

Json to_json(const ports::Account& account) {
    return {{"id", account.id.text()},
            {"email", account.email},
            {"name", account.name},
            {"role", ports::to_string(account.role)},
            {"disabled", account.disabled},
            {"has_password", !account.password_hash.empty()},
            {"concurrency", or_null(account.concurrency)},
            {"created_at", to_json(account.created_at)}};
}

Json to_json(const ports::Session& session, const ports::SessionId& current) {
    return {{"id", session.id.text()},
            {"created_at", to_json(session.created_at)},
            {"last_seen_at", to_json(session.last_seen_at)},
            {"expires_at", to_json(session.expires_at)},
            {"address", session.address},
            {"user_agent", session.user_agent},
            {"current", session.id == current}};
}

} // namespace tollgate::dashboard
