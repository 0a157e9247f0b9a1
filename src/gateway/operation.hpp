// Which of the gateway's operations a request asks for (contract §3). Pure.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/domain/call.hpp"
#include "tollgate/http/head.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace tollgate::gateway {

struct ListModels {};
struct FindModel {
    std::string id{}; // percent-decoded
};
struct ShowKey {};
struct ShowCredits {};

using Operation = std::variant<domain::Endpoint, ListModels, FindModel, ShowKey, ShowCredits>;

/// Errors: unknown_path, method_not_allowed, unsupported_media_type (a call that is not JSON).
base::Result<Operation> find_operation(const http::RequestHead& head);

/// What the Allow field of a 405 says (RFC 9110 §15.5.6).
std::string_view allowed_methods(std::string_view path);

} // namespace tollgate::gateway
