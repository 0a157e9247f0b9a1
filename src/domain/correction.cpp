#include "tollgate/domain/correction.hpp"

#include "tollgate/domain/ledger_batch.hpp"

#include <set>
#include <string_view>

namespace tollgate::domain {

base::Result<void> check(const Repricing& repricing) {
    const auto refuse = [](const CostCorrection& correction, const char* fault) {
        return base::fail(base::ErrorCode::invalid_field, base::ErrorSource::internal,
                          "the correction of call " + correction.request_id.text() + " " + fault);
    };
    std::set<std::string_view> ids;
    for (const CostCorrection& correction : repricing.corrections) {
        if (!is_countable_cost(correction.after))
            return refuse(correction, "makes its cost negative or absurd");
        if (!ids.insert(correction.request_id.text()).second) return refuse(correction, "is there twice");
    }
    return {};
}

} // namespace tollgate::domain
