#include "tollgate/ports/accounts.hpp"

namespace tollgate::ports {

std::string_view to_string(Role role) {
    return role == Role::admin ? "admin" : "member";
}

base::Result<Role> parse_role(std::string_view text) {
    if (text == "admin") return Role::admin;
    if (text == "member") return Role::member;
    return base::reject(base::ErrorCode::invalid_field,
                        "'" + std::string(text) + "' is not a role: use admin or member", "role");
}

} // namespace tollgate::ports
