#include "tollgate/ports/invitations.hpp"

namespace tollgate::ports {

std::string_view to_string(InvitationKind kind) {
    return kind == InvitationKind::registration ? "registration" : "password_reset";
}

base::Result<InvitationKind> parse_invitation_kind(std::string_view text) {
    for (const auto kind : {InvitationKind::registration, InvitationKind::password_reset}) {
        if (text == to_string(kind)) return kind;
    }
    return base::reject(base::ErrorCode::invalid_field,
                        "'" + std::string(text) + "' is no kind of invitation");
}

} // namespace tollgate::ports
