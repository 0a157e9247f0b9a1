// The faults that lie in what is answered rather than in how it is sent: wrong content types, broken JSON,
// redirects, oversized bodies, an error in the middle of a stream. Pure.
#pragma once

#include "simulator/format.hpp"
#include "simulator/reply.hpp"

namespace tollgate::simulator {

/// Changes the answer as its script says.
void distort(Reply& reply, const Format& format);

} // namespace tollgate::simulator
