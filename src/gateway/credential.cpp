#include "gateway/credential.hpp"

#include "tollgate/domain/key.hpp"

#include <array>
#include <string>

namespace tollgate::gateway {

namespace {

using base::ErrorCode;
using base::Result;

constexpr std::array<std::string_view, 3> key_fields = {"x-api-key", "api-key", "x-goog-api-key"};

/// The token of "Bearer <token>"; nothing for another scheme.
std::string_view bearer_token(std::string_view value) {
    constexpr std::string_view scheme = "bearer ";
    if (value.size() <= scheme.size() || !http::equals_ignoring_case(value.substr(0, scheme.size()), scheme))
        return {};
    value.remove_prefix(scheme.size());
    const auto begin = value.find_first_not_of(' ');
    return begin == std::string_view::npos ? std::string_view{} : value.substr(begin);
}

} // namespace

Result<std::string_view> find_credential(const http::Fields& fields) {
    std::string_view found;
    for (const http::Field& field : fields) {
        std::string_view candidate;
        if (http::equals_ignoring_case(field.name, "authorization")) {
            candidate = bearer_token(field.value);
        } else {
            for (const std::string_view name : key_fields) {
                if (http::equals_ignoring_case(field.name, name)) candidate = field.value;
            }
        }
        if (candidate.empty()) continue;
        if (!found.empty() && candidate != found) {
            return base::reject(ErrorCode::ambiguous_credential,
                                "the request carries two different keys; send one, in Authorization: Bearer");
        }
        found = candidate;
    }
    if (found.empty())
        return base::reject(ErrorCode::missing_key, "no API key: send it as 'Authorization: Bearer sk-...'");
    if (!domain::is_well_formed_key(found))
        return base::reject(ErrorCode::invalid_key,
                            "the API key is not valid: a key is 'sk-' and 64 hexadecimal characters");
    return found;
}

} // namespace tollgate::gateway
