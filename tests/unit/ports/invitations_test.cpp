#include "tollgate/ports/invitations.hpp"

#include <gtest/gtest.h>

namespace tollgate::ports {

TEST(InvitationKind, IsReadAsItIsWritten) {
    for (const auto kind : {InvitationKind::registration, InvitationKind::password_reset}) {
        EXPECT_EQ(parse_invitation_kind(to_string(kind)), kind);
    }
    EXPECT_EQ(parse_invitation_kind("").error().code, base::ErrorCode::invalid_field);
}

} // namespace tollgate::ports
