// From a received request to a rendered answer: route, key, JSON, script, then the wire format. No I/O.
#pragma once

#include "simulator/attempts.hpp"
#include "simulator/call.hpp"
#include "simulator/settings.hpp"

#include <optional>

namespace tollgate::simulator {

/// Never fails: what is wrong with the request becomes an error answer of the route's format.
Reply answer(const Received& received, const Settings& settings, Attempts& attempts);

/// The answer of fault=early, if the command line, a header or what has come of the body asks for it.
std::optional<Reply> answer_early(const Received& received, const Settings& settings);

} // namespace tollgate::simulator
