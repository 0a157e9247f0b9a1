// How a stream ends when the money set aside for it is used up: the events that are paid for, and a last
// chunk with finish_reason "length" in the form of the provider's own. Pure.
#pragma once

#include "tollgate/domain/call.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tollgate::gateway {

/// `events` are whole events of the stream, from which the chunk takes its id, model and time.
std::string cap_chunk(const domain::Call& call, std::string_view events);

/// The events at the front of `events` that are paid for: with all of them `seen` tokens have passed by, and
/// `covered` may. A byte of text counts as a token.
std::string_view paid_events(std::string_view events, std::uint64_t seen, std::uint64_t covered);

} // namespace tollgate::gateway
