// What a call can cost before it is made, and what it has cost afterwards, at the target that served it.
// Pure.
#pragma once

#include "tollgate/domain/bound.hpp"
#include "tollgate/domain/call.hpp"
#include "tollgate/domain/routing.hpp"
#include "tollgate/domain/slice.hpp"
#include "tollgate/gateway/tariff.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace tollgate::gateway {

/// One target of the route. Without a price only the floor is charged.
struct PricedTarget {
    const domain::ModelPrice* price = nullptr;
    domain::Extent extent{};
};

struct Quote {
    std::vector<PricedTarget> targets{}; // as in the route
    base::Money bound{};                 // the dearest target's
    base::Money minimum{};               // enough for the input and a useful answer
    std::optional<base::Money> slice{};  // of a stream that is set aside slice by slice: the first one
    bool is_priced = true;               // false: some target has neither price nor floor
};

/// Error: internal, if a bound does not fit into money.
base::Result<Quote> make_quote(const Tariff& tariff, const domain::Call& call, const domain::Route& route,
                               const domain::Router& router);

/// The charge of one call at one target.
class Bill {
public:
    Bill(const Tariff& tariff, PricedTarget target) : tariff_(&tariff), target_(target) {}

    /// What the usage comes to, whatever was set aside.
    base::Money full_cost(const domain::Usage& usage) const;

    /// Never above the ceiling: a provider that reports more than its cap allows does not break a budget.
    base::Money cost(const domain::Usage& usage) const;
    void set_ceiling(base::Money granted) { ceiling_ = granted; }

    /// The output cap for each choice that `granted` covers, where it is lower than what the call could use;
    /// nothing: leave the call as it is.
    std::optional<std::uint64_t> lowered_cap(base::Money granted) const;

    /// Of a stream that is set aside in slices, with nothing set aside yet. The target must have a price.
    domain::Allowance slices() const {
        return domain::Allowance(*target_.price, target_.extent, tariff_->terms, tariff_->slice);
    }

    std::string_view currency() const { return tariff_->currency; }
    const domain::Extent& extent() const { return target_.extent; }

private:
    const Tariff* tariff_;
    PricedTarget target_;
    std::optional<base::Money> ceiling_{};
};

} // namespace tollgate::gateway
