// Reads the deciding fields of a call's JSON body and their offsets, strictly (UTF-8, bounded depth, no
// duplicate keys, no trailing bytes), without building a tree.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/domain/call.hpp"

#include <string_view>

namespace tollgate::http {

/// Errors: malformed_json, missing_field (model), invalid_field; `param` names the field. `body` needs no
/// padding.
base::Result<domain::Call> parse_call(std::string_view body, domain::Endpoint endpoint);

} // namespace tollgate::http
