#include "storage/postgres/sessions.hpp"

namespace tollgate::storage::postgres {

namespace {

using ports::Session;
using ports::SessionId;

std::string select(std::string_view rest) {
    return "SELECT id, account_id, version, created_at, last_seen_at, expires_at, address, user_agent "
           "FROM sessions " +
           std::string(rest);
}

Session read_session(const Rows& row) {
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

base::Result<void> PostgresSessions::create(const Session& session, std::size_t most) {
    return database_.write([&session, most](Connection& connection) -> base::Result<void> {
        // Locked, so that of two sign-ins at once the second sees the first one's session.
        if (!connection.query("SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE", session.account_id).step()) {
            return base::reject(base::ErrorCode::not_found,
                                "there is no account " + session.account_id.text());
        }
        connection.query("DELETE FROM sessions WHERE expires_at <= $1::bigint", session.created_at);
        connection.query("DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE account_id = $1 "
                         "ORDER BY created_at DESC, id OFFSET $2::bigint)",
                         session.account_id, most - 1);
        connection.query(
            "INSERT INTO sessions (id, account_id, version, created_at, last_seen_at, expires_at, "
            "address, user_agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            session.id, session.account_id, session.version, session.created_at, session.last_seen_at,
            session.expires_at, session.address, session.user_agent);
        return {};
    });
}

base::Result<std::optional<Session>> PostgresSessions::find(const SessionId& id) {
    return database_.look_up([&id](Connection& connection) -> base::Result<std::optional<Session>> {
        auto rows = connection.query(select("WHERE id = $1"), id);
        if (!rows.step()) return std::nullopt;
        return read_session(rows);
    });
}

base::Result<std::vector<Session>> PostgresSessions::list(const base::AccountId& account_id,
                                                          base::WallTime now) {
    return database_.look_up([&](Connection& connection) -> base::Result<std::vector<Session>> {
        auto rows = connection.query(
            select("WHERE account_id = $1 AND expires_at > $2::bigint ORDER BY created_at DESC, id"),
            account_id, now);
        std::vector<Session> sessions;
        while (rows.step()) sessions.push_back(read_session(rows));
        return sessions;
    });
}

base::Result<void> PostgresSessions::touch(const SessionId& id, base::WallTime now) {
    return database_.write([&id, now](Connection& connection) -> base::Result<void> {
        connection.query("UPDATE sessions SET last_seen_at = $2 WHERE id = $1", id, now);
        return {};
    });
}

base::Result<bool> PostgresSessions::end(const base::AccountId& account_id, const SessionId& id) {
    return database_.write([&](Connection& connection) -> base::Result<bool> {
        return connection.query("DELETE FROM sessions WHERE id = $1 AND account_id = $2", id, account_id)
                   .changes() > 0;
    });
}

base::Result<std::size_t> PostgresSessions::end_all(const base::AccountId& account_id,
                                                    const std::optional<SessionId>& except) {
    return database_.write([&](Connection& connection) -> base::Result<std::size_t> {
        return static_cast<std::size_t>(
            connection
                .query("DELETE FROM sessions WHERE account_id = $1 AND ($2::text IS NULL OR id <> $2)",
                       account_id, except)
                .changes());
    });
}

} // namespace tollgate::storage::postgres
