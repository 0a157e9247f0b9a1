// A model's prices as people read them: US dollars and ledger currency for a million tokens, or for one image
// or request. For the catalogue, the dashboard and the command line; pure.
#pragma once

#include "tollgate/base/money.hpp"
#include "tollgate/domain/price.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::domain {

struct PricePoint {
    std::string_view kind{}; // "input", "cached_input", …: the members of Rates
    std::uint64_t above = 0; // of a tier: prompts of more tokens than this; 0: the base
    std::uint64_t units = 0; // what the price is for: 1,000,000 tokens, or 1
    std::string dollars{};   // exactly, "2.5"
    base::Money charged{};   // what so many units are charged, everything included
    friend bool operator==(const PricePoint&, const PricePoint&) = default;
};

/// The prices that the list names, base first, tiers ascending.
std::vector<PricePoint> price_points(const ModelPrice& price, const Terms& terms);

} // namespace tollgate::domain
