// Last stage: ends the admission with what was really used and records how the call went. Never waits, never
// fails.
#pragma once

#include "gateway/admission.hpp"
#include "gateway/outcome.hpp"

namespace tollgate::gateway {

class Settle {
public:
    void operator()(Admission admission, const Outcome& outcome) noexcept;
};

} // namespace tollgate::gateway
