#include "storage/postgres/invitations.hpp"

#include <stdexcept>

namespace tollgate::storage::postgres {

namespace {

using ports::Invitation;

std::string select(std::string_view rest) {
    return "SELECT id, kind, email, role, account_id, created_by, created_at, expires_at, used_at "
           "FROM invitations " +
           std::string(rest);
}

template <class Value>
Value require(base::Result<Value> value) {
    if (!value) throw std::runtime_error("a stored invitation is unreadable: " + value.error().message);
    return *value;
}

Invitation read_invitation(const Rows& row) {
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

base::Result<void> PostgresInvitations::create(const Invitation& invitation, const base::Digest& token) {
    return database_.write([&](Connection& connection) -> base::Result<void> {
        const auto added = connection.query(
            "INSERT INTO invitations (id, token, kind, email, role, account_id, created_by, created_at, "
            "expires_at, "
            "used_at) VALUES ($1, decode($2, 'hex'), $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
            invitation.id, token, ports::to_string(invitation.kind), invitation.email,
            ports::to_string(invitation.role), invitation.account_id, invitation.created_by,
            invitation.created_at, invitation.expires_at, invitation.used_at);
        if (added.changes() > 0) return {};
        return base::reject(base::ErrorCode::already_exists, "there is already such an invitation");
    });
}

base::Result<std::optional<Invitation>> PostgresInvitations::find_by_token(const base::Digest& token) {
    return database_.look_up([&token](Connection& connection) -> base::Result<std::optional<Invitation>> {
        auto rows = connection.query(select("WHERE token = decode($1, 'hex')"), token);
        if (!rows.step()) return std::nullopt;
        return read_invitation(rows);
    });
}

base::Result<std::vector<Invitation>> PostgresInvitations::list(ports::InvitationKind kind) {
    return database_.look_up([kind](Connection& connection) -> base::Result<std::vector<Invitation>> {
        auto rows = connection.query(select("WHERE kind = $1 ORDER BY created_at DESC, id DESC LIMIT 1000"),
                                     ports::to_string(kind));
        std::vector<Invitation> invitations;
        while (rows.step()) invitations.push_back(read_invitation(rows));
        return invitations;
    });
}

base::Result<bool> PostgresInvitations::claim(const ports::InvitationId& id,
                                              const base::AccountId& account_id, base::WallTime now) {
    return database_.write([&](Connection& connection) -> base::Result<bool> {
        return connection
                   .query("UPDATE invitations SET used_at = $3::bigint, account_id = $2 "
                          "WHERE id = $1 AND used_at IS NULL AND expires_at > $3::bigint",
                          id, account_id, now)
                   .changes() > 0;
    });
}

base::Result<void> PostgresInvitations::release(const ports::InvitationId& id) {
    return database_.write([&id](Connection& connection) -> base::Result<void> {
        connection.query("UPDATE invitations SET used_at = NULL WHERE id = $1", id);
        return {};
    });
}

base::Result<bool> PostgresInvitations::remove(const ports::InvitationId& id) {
    return database_.write([&id](Connection& connection) -> base::Result<bool> {
        return connection.query("DELETE FROM invitations WHERE id = $1 AND used_at IS NULL", id).changes() >
               0;
    });
}

} // namespace tollgate::storage::postgres
