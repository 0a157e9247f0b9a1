// Last stage: ends the admission with what was really used and puts the call into the books. Never waits,
// never fails.
#pragma once

#include "gateway/admission.hpp"
#include "gateway/outcome.hpp"
#include "tollgate/http/exchange.hpp"

namespace tollgate::gateway {

class Settle {
public:
    explicit Settle(const Tariff& tariff) : tariff_(tariff) {}

    void operator()(const http::Exchange& exchange, Admission&& admission, const Outcome& outcome) noexcept;

private:
    const Tariff& tariff_;
};

} // namespace tollgate::gateway
