#include "storage/sqlite/sessions.hpp"

namespace tollgate::storage::sqlite {

namespace {

using ports::Session;
using ports::SessionId;

const std::string columns = "SELECT id, account_id, version, created_at, last_seen_at, expires_at, address, "
                            "user_agent FROM sessions ";

Session read_session(const Query& row) {
    return {.id = SessionId(row.text(0)),
            .account_id = base::AccountId(row.text(1)),
            .version = static_cast<std::uint64_t>(row.integer(2)),
            .created_at = row.time(3),
            .last_seen_at = row.time(4),
            .expires_at = row.time(5),
            .address = row.text(6),
            .user_agent = row.text(7)};
}

} // namespace

base::Result<void> SqliteSessions::create(const Session& session, std::size_t most) {
    return database_.write([&session, most](Connection& connection) -> base::Result<void> {
        if (!connection.query("SELECT 1 FROM accounts WHERE id = ?1").bind(session.account_id).step()) {
            return base::reject(base::ErrorCode::not_found,
                                "there is no account " + session.account_id.text());
        }
        connection.query("DELETE FROM sessions WHERE expires_at <= ?1").bind(session.created_at).run();
        connection
            .query("DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE account_id = ?1 "
                   "ORDER BY created_at DESC, id LIMIT -1 OFFSET ?2)")
            .bind(session.account_id, most - 1)
            .run();
        connection
            .query("INSERT INTO sessions (id, account_id, version, created_at, last_seen_at, expires_at, "
                   "address, "
                   "user_agent) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
            .bind(session.id, session.account_id, session.version, session.created_at, session.last_seen_at,
                  session.expires_at, session.address, session.user_agent)
            .run();
        return {};
    });
}

base::Result<std::optional<Session>> SqliteSessions::find(const SessionId& id) {
    return database_.read([&id](Connection& connection) -> base::Result<std::optional<Session>> {
        auto query = connection.query(columns + "WHERE id = ?1");
        if (!query.bind(id).step()) return std::nullopt;
        return read_session(query);
    });
}

base::Result<std::vector<Session>> SqliteSessions::list(const base::AccountId& account_id,
                                                        base::WallTime now) {
    return database_.read([&](Connection& connection) -> base::Result<std::vector<Session>> {
        auto query = connection.query(
            columns + "WHERE account_id = ?1 AND expires_at > ?2 ORDER BY created_at DESC, id");
        query.bind(account_id, now);
        std::vector<Session> sessions;
        while (query.step()) sessions.push_back(read_session(query));
        return sessions;
    });
}

base::Result<void> SqliteSessions::touch(const SessionId& id, base::WallTime now) {
    return database_.write([&id, now](Connection& connection) -> base::Result<void> {
        connection.query("UPDATE sessions SET last_seen_at = ?2 WHERE id = ?1").bind(id, now).run();
        return {};
    });
}

base::Result<bool> SqliteSessions::end(const base::AccountId& account_id, const SessionId& id) {
    return database_.write([&](Connection& connection) -> base::Result<bool> {
        return connection.query("DELETE FROM sessions WHERE id = ?1 AND account_id = ?2")
                   .bind(id, account_id)
                   .run() > 0;
    });
}

base::Result<std::size_t> SqliteSessions::end_all(const base::AccountId& account_id,
                                                  const std::optional<SessionId>& except) {
    return database_.write([&](Connection& connection) -> base::Result<std::size_t> {
        return static_cast<std::size_t>(
            connection.query("DELETE FROM sessions WHERE account_id = ?1 AND (?2 IS NULL OR id <> ?2)")
                .bind(account_id, except)
                .run());
    });
}

} // namespace tollgate::storage::sqlite
