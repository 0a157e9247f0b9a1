// Invitations and password resets in PostgreSQL. Owned by PostgresStorage; any thread.
#pragma once

#include "storage/postgres/database.hpp"
#include "tollgate/ports/invitations.hpp"

namespace tollgate::storage::postgres {

class PostgresInvitations final : public ports::Invitations {
public:
    explicit PostgresInvitations(Database& database) : database_(database) {}

    base::Result<void> create(const ports::Invitation& invitation, const base::Digest& token) override;
    base::Result<std::optional<ports::Invitation>> find_by_token(const base::Digest& token) override;
    base::Result<std::vector<ports::Invitation>> list(ports::InvitationKind kind) override;
    base::Result<bool> claim(const ports::InvitationId& id, const base::AccountId& account_id,
                             base::WallTime now) override;
    base::Result<void> release(const ports::InvitationId& id) override;
    base::Result<bool> remove(const ports::InvitationId& id) override;

private:
    Database& database_;
};

} // namespace tollgate::storage::postgres
