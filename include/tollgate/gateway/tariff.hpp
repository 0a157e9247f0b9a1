// What calls are charged by: prices, exchange, rules. A part of the snapshot that all workers share; never
// written.
#pragma once

#include "tollgate/base/money.hpp"
#include "tollgate/base/time_zone.hpp"
#include "tollgate/domain/bound.hpp"
#include "tollgate/domain/ledger_event.hpp"
#include "tollgate/domain/price.hpp"
#include "tollgate/domain/price_book.hpp"
#include "tollgate/domain/slice.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace tollgate::gateway {

enum class CostInAnswer { add, leave_out };

struct Tariff {
    domain::PriceBook book{};
    domain::Terms terms{};
    domain::BoundRules bound_rules{};
    std::optional<base::Money>
        unpriced_floor{}; // charged per request for a model without a price; absent: see docs/money.md
    domain::WalletUse wallet = domain::WalletUse::none;
    CostInAnswer cost_in_answer = CostInAnswer::add;
    std::chrono::milliseconds reserve_wait{2'000};
    domain::SliceRules slice{};
    base::TimeZone zone{};
    std::string currency = "INR";
    std::string usd_rate{};
    std::string node{};
};

} // namespace tollgate::gateway
