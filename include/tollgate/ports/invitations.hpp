// One-time tokens that an admin hands out: invitations to register and resets of a password. Stored by their
// SHA-256. Blocking, any thread, like KeyStore.
#pragma once

#include "tollgate/base/digest.hpp"
#include "tollgate/ports/accounts.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::ports {

enum class InvitationKind { registration, password_reset };
std::string_view to_string(InvitationKind kind);
base::Result<InvitationKind> parse_invitation_kind(std::string_view text);

using InvitationId = base::Id<struct InvitationIdTag>; // "inv_" + 16 hex

struct Invitation {
    InvitationId id{};
    InvitationKind kind = InvitationKind::registration;
    std::string email{};          // only this address may register with it; empty: any
    Role role = Role::member;     // of the account to come
    base::AccountId account_id{}; // of a reset: whose; of an invitation: who used it
    base::AccountId created_by{};
    base::WallTime created_at{};
    base::WallTime expires_at{};
    std::optional<base::WallTime> used_at{};
    friend bool operator==(const Invitation&, const Invitation&) = default;
};

class Invitations {
public:
    virtual ~Invitations() = default;

    /// Error: already_exists (id or token).
    virtual base::Result<void> create(const Invitation& invitation, const base::Digest& token) = 0;

    /// Whatever its state.
    virtual base::Result<std::optional<Invitation>> find_by_token(const base::Digest& token) = 0;

    /// Newest first, at most 1,000.
    virtual base::Result<std::vector<Invitation>> list(InvitationKind kind) = 0;

    /// Uses it up for `account_id`, exactly once. False: it is unknown, used or expired.
    virtual base::Result<bool> claim(const InvitationId& id, const base::AccountId& account_id,
                                     base::WallTime now) = 0;

    /// Takes a claim back: what it was for did not come about.
    virtual base::Result<void> release(const InvitationId& id) = 0;

    /// False: there is no such one, or it has been used.
    virtual base::Result<bool> remove(const InvitationId& id) = 0;
};

} // namespace tollgate::ports
