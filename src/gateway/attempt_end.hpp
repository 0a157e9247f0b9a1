// What the end of an attempt says: of its provider to the breaker, and of itself to the metrics.
#pragma once

#include "gateway/passage.hpp"
#include "tollgate/domain/breaker.hpp"
#include "tollgate/telemetry/metrics.hpp"

#include <optional>

namespace tollgate::gateway {

/// Tells the breaker how the attempt ended; where the client has left, the passage ends with it.
void judge(Passage& passage, domain::Breaker& breaker);

/// How the attempt counts; not at all where the client has left or nobody was asked.
std::optional<telemetry::AttemptOutcome> end_of_attempt(const Passage& passage);

} // namespace tollgate::gateway
