// Your own account and its sessions.
#include "dashboard/answers.hpp"
#include "dashboard/sign_in.hpp"

namespace tollgate::dashboard {

base::Result<Reply> show_me(Call& call) {
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    const auto session = call.parts.storage.sessions().find(call.identity.session_id);
    if (!session) return base::fail(session.error());
    if (!*session)
        return base::reject(base::ErrorCode::invalid_session, "the session has ended; sign in again");
    return reply(
        {{"account", to_json(call.identity.account)}, {"session", to_json(**session, (*session)->id)}});
}

base::Result<Reply> change_me(Call& call) {
    Fields fields(call.body);
    const ports::AccountPatch patch{.name = fields.required_text("name", {.least = 0, .most = 100})};
    if (auto done = fields.finish(); !done) return base::fail(done.error());
    const auto changed = call.parts.storage.accounts().update(call.identity.account.id, patch);
    if (!changed) return base::fail(changed.error());
    audit(call, "account.update", changed->id.text(), {{"name", changed->name}});
    return reply(to_json(*changed));
}

base::Result<Reply> list_sessions(Call& call) {
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    const auto sessions = call.parts.storage.sessions().list(call.identity.account.id, call.now);
    if (!sessions) return base::fail(sessions.error());
    Json data = Json::array();
    for (const ports::Session& session : *sessions) {
        if (session.version == call.identity.account.session_version)
            data.push_back(to_json(session, call.identity.session_id));
    }
    return reply({{"data", std::move(data)}});
}

base::Result<Reply> end_other_sessions(Call& call) {
    const auto& own = call.identity;
    const auto ended = call.parts.storage.sessions().end_all(own.account.id, own.session_id);
    if (!ended) return base::fail(ended.error());
    audit(call, "session.end_others", own.account.id.text(), {{"sessions_ended", *ended}});
    return no_content();
}

base::Result<Reply> end_session(Call& call) {
    const ports::SessionId id(call.id);
    const auto ended = call.parts.storage.sessions().end(call.identity.account.id, id);
    if (!ended) return base::fail(ended.error());
    if (!*ended) return base::reject(base::ErrorCode::not_found, "you have no session " + call.id, "id");
    audit(call, "session.end", call.identity.account.id.text(), {{"session", call.id}});
    return no_content();
}

} // namespace tollgate::dashboard
