#include "storage/sqlite/invitations.hpp"

#include <SQLiteCpp/Exception.h>

namespace tollgate::storage::sqlite {

namespace {

using ports::Invitation;

const std::string columns = "SELECT id, kind, email, role, account_id, created_by, created_at, expires_at, "
                            "used_at FROM invitations ";

template <class Value>
Value require(base::Result<Value> value) {
    if (!value) throw SQLite::Exception("a stored invitation is unreadable: " + value.error().message);
    return *value;
}

Invitation read_invitation(const Query& row) {
    return {.id = ports::InvitationId(row.text(0)),
            .kind = require(ports::parse_invitation_kind(row.text(1))),
            .email = row.text(2),
            .role = require(ports::parse_role(row.text(3))),
            .account_id = base::AccountId(row.text(4)),
            .created_by = base::AccountId(row.text(5)),
            .created_at = row.time(6),
            .expires_at = row.time(7),
            .used_at = row.optional_time(8)};
}

} // namespace

base::Result<void> SqliteInvitations::create(const Invitation& invitation, const base::Digest& token) {
    return database_.write([&](Connection& connection) -> base::Result<void> {
        const auto added = connection
                               .query("INSERT INTO invitations (id, token, kind, email, role, account_id, "
                                      "created_by, created_at, "
                                      "expires_at, used_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
                                      "ON CONFLICT DO NOTHING")
                               .bind(invitation.id, token, to_string(invitation.kind), invitation.email,
                                     to_string(invitation.role), invitation.account_id, invitation.created_by,
                                     invitation.created_at, invitation.expires_at, invitation.used_at)
                               .run();
        if (added > 0) return {};
        return base::reject(base::ErrorCode::already_exists, "there is already such an invitation");
    });
}

base::Result<std::optional<Invitation>> SqliteInvitations::find_by_token(const base::Digest& token) {
    return database_.read([&token](Connection& connection) -> base::Result<std::optional<Invitation>> {
        auto query = connection.query(columns + "WHERE token = ?1");
        if (!query.bind(token).step()) return std::nullopt;
        return read_invitation(query);
    });
}

base::Result<std::vector<Invitation>> SqliteInvitations::list(ports::InvitationKind kind) {
    return database_.read([kind](Connection& connection) -> base::Result<std::vector<Invitation>> {
        auto query =
            connection.query(columns + "WHERE kind = ?1 ORDER BY created_at DESC, id DESC LIMIT 1000");
        query.bind(to_string(kind));
        std::vector<Invitation> invitations;
        while (query.step()) invitations.push_back(read_invitation(query));
        return invitations;
    });
}

base::Result<bool> SqliteInvitations::claim(const ports::InvitationId& id, const base::AccountId& account_id,
                                            base::WallTime now) {
    return database_.write([&](Connection& connection) -> base::Result<bool> {
        return connection
                   .query("UPDATE invitations SET used_at = ?3, account_id = ?2 "
                          "WHERE id = ?1 AND used_at IS NULL AND expires_at > ?3")
                   .bind(id, account_id, now)
                   .run() > 0;
    });
}

base::Result<void> SqliteInvitations::release(const ports::InvitationId& id) {
    return database_.write([&id](Connection& connection) -> base::Result<void> {
        connection.query("UPDATE invitations SET used_at = NULL WHERE id = ?1").bind(id).run();
        return {};
    });
}

base::Result<bool> SqliteInvitations::remove(const ports::InvitationId& id) {
    return database_.write([&id](Connection& connection) -> base::Result<bool> {
        return connection.query("DELETE FROM invitations WHERE id = ?1 AND used_at IS NULL").bind(id).run() >
               0;
    });
}

} // namespace tollgate::storage::sqlite
