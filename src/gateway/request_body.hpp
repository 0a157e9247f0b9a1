// The body that goes to a provider: the client's bytes with the few edits that are ours (contract §3). Pure.
#pragma once

#include "tollgate/domain/call.hpp"

#include <string>
#include <string_view>

namespace tollgate::gateway {

/// The model's name is the provider's; a stream asks for its usage.
std::string request_body(const domain::Call& call, std::string_view body, std::string_view model);

} // namespace tollgate::gateway
