// Reads the deciding fields of a call's JSON body and their offsets, strictly (UTF-8, bounded depth, no
// duplicate keys, no trailing bytes), without building a tree.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/domain/call.hpp"

#include <string_view>

namespace tollgate::http {

/// Errors: malformed_json, missing_field (model, messages, input), invalid_field; `param` names the field.
/// `body` needs no padding. Keys are compared as they read after unescaping. null counts as absent, but for
/// model, messages and input. Whatever the call does not need passes, as long as the whole body is strict
/// JSON. No array or object may stand deeper than 128, and none may have more than 8,192 members with names.
base::Result<domain::Call> parse_call(std::string_view body, domain::Endpoint endpoint);

} // namespace tollgate::http
