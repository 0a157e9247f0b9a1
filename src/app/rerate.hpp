// Prices calls again that were charged by a wrong price or rate: what each would cost now, and the sums by
// model. Does not write. Lives for one command; one thread.
#pragma once

#include "tollgate/config/config.hpp"
#include "tollgate/domain/correction.hpp"
#include "tollgate/domain/ledger_event.hpp"
#include "tollgate/domain/price_book.hpp"

#include <map>
#include <optional>
#include <string>

namespace tollgate::app {

/// What may a corrected cost be at most: what had been set aside for the call, or whatever it comes to?
enum class Ceiling { bound, none };

struct RerateRules {
    const domain::PriceBook& book;
    const config::Billing& billing;      // buffer, markup, currency
    std::optional<base::Decimal> rate{}; // absent: each call keeps the rate that it was charged by
    Ceiling ceiling = Ceiling::bound;
};

struct ModelDifference {
    std::size_t events = 0;
    std::size_t changed = 0;
    base::Money before{};
    base::Money after{};
};

/// Calls that keep their cost, and why.
struct RerateLeft {
    std::size_t unpriced = 0;       // the list has no price for the model
    std::size_t other_currency = 0; // charged in another currency than billing.currency
    std::size_t unknown_usage = 0;  // cut off by a crash before anything was metered: nothing to price
};

class Rerate {
public:
    explicit Rerate(RerateRules rules) : rules_(rules) {}

    /// Error: the cost does not fit, or the rate that is stored with the call is no number.
    base::Result<void> add(const domain::UsageEvent& event);

    const std::map<std::string, ModelDifference>& models() const { return models_; } // by provider/model
    const std::vector<domain::CostCorrection>& corrections() const { return corrections_; }
    const RerateLeft& left() const { return left_; }
    std::size_t held_at_bound() const { return held_at_bound_; } // would cost more than was set aside
    ModelDifference total() const;

private:
    base::Result<base::Money> new_cost(const domain::UsageEvent& event, const domain::ModelPrice& price);
    base::Result<domain::Terms> terms_at(const std::string& rate);

    RerateRules rules_;
    std::map<std::string, domain::Terms> terms_; // by exchange rate
    std::map<std::string, ModelDifference> models_;
    std::vector<domain::CostCorrection> corrections_;
    RerateLeft left_;
    std::size_t held_at_bound_ = 0;
};

} // namespace tollgate::app
