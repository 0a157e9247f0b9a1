// The last chunk of a stream that ends because the money set aside for it is used up: finish_reason "length",
// in the form of the provider's own chunks. Pure.
#pragma once

#include "tollgate/domain/call.hpp"

#include <string>
#include <string_view>

namespace tollgate::gateway {

/// `events` are whole events of the stream, from which the chunk takes its id, model and time.
std::string cap_chunk(const domain::Call& call, std::string_view events);

} // namespace tollgate::gateway
