#include "tollgate/ports/accounts.hpp"

#include <gtest/gtest.h>

namespace tollgate::ports {

TEST(Role, ReadsWhatItPrints) {
    for (const Role role : {Role::admin, Role::member}) EXPECT_EQ(parse_role(to_string(role)).value(), role);
}

TEST(Role, RefusesOtherWords) {
    for (const char* text : {"", "Admin", "owner", "member "}) {
        const auto role = parse_role(text);
        ASSERT_FALSE(role.has_value()) << text;
        EXPECT_EQ(role.error().code, base::ErrorCode::invalid_field);
        EXPECT_EQ(role.error().param, "role");
    }
}

} // namespace tollgate::ports
