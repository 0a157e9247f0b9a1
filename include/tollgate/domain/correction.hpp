// Costs that were charged by a wrong price or rate, put right afterwards. Pure values: `tollgate usage
// rerate` works them out, Ledger::correct writes them.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/base/ids.hpp"
#include "tollgate/base/money.hpp"
#include "tollgate/base/time.hpp"

#include <string>
#include <vector>

namespace tollgate::domain {

struct CostCorrection {
    base::RequestId request_id{};
    base::WallTime started_at{}; // of the call, as the books say
    base::Money before{};        // what the caller has read: the books must still say so
    base::Money after{};
    std::string usd_rate{}; // by which `after` was worked out
    friend bool operator==(const CostCorrection&, const CostCorrection&) = default;
};

/// Corrections that belong together: all of them or none.
struct Repricing {
    base::WallTime at{};
    std::string price_version{}; // by which they were worked out
    std::string note{};          // for people
    std::vector<CostCorrection> corrections{};
};

/// Error: invalid_field (a negative or absurd cost, a request twice).
base::Result<void> check(const Repricing& repricing);

} // namespace tollgate::domain
