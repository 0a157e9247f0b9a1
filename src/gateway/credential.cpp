#include "gateway/credential.hpp"

#include "tollgate/domain/key.hpp"

#include <string>

namespace tollgate::gateway {

namespace {

using base::ErrorCode;
using base::Result;

/// The token of "Bearer <token>"; nothing for another scheme.
std::string_view bearer_token(std::string_view value) {
    constexpr std::string_view scheme = "bearer ";
    if (value.size() <= scheme.size() || !http::equals_ignoring_case(value.substr(0, scheme.size()), scheme))
        return {};
    value.remove_prefix(scheme.size());
    const auto begin = value.find_first_not_of(' ');
    return begin == std::string_view::npos ? std::string_view{} : value.substr(begin);
}

/// What a field offers as a key; empty if that is nothing.
std::string_view offered_by(const http::Field& field) {
    switch (field.known) {
    case http::FieldName::authorization: return bearer_token(field.value);
    case http::FieldName::x_api_key:
    case http::FieldName::api_key:
    case http::FieldName::x_goog_api_key: return field.value;
    default: return {};
    }
}

} // namespace

Result<std::string_view> find_credential(const http::Fields& fields) {
    std::string_view found;
    for (const http::Field& field : fields) {
        const std::string_view candidate = offered_by(field);
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
