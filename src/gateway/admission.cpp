#include "gateway/admission.hpp"

#include "tollgate/runtime/clock.hpp"

namespace tollgate::gateway {

Admission::~Admission() {
    if (quota_ == nullptr) return;
    domain::Usage usage;
    usage.input = sent_ ? estimate_ : 0;
    settle(usage);
}

void Admission::settle(const domain::Usage& usage) noexcept {
    if (quota_ == nullptr) return;
    domain::Charge charge;
    charge.id = id_;
    charge.tokens = usage.total_tokens();
    charge.now = runtime::steady_now();
    std::exchange(quota_, nullptr)->settle(charge);
}

} // namespace tollgate::gateway
