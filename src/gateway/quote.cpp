#include "gateway/quote.hpp"

#include <algorithm>

namespace tollgate::gateway {

namespace {

using base::Money;
using base::Result;

constexpr std::uint64_t useful_output_tokens =
    64; // less money than for this answer is not worth starting with

PricedTarget price_target(const Tariff& tariff, const domain::Call& call, std::string_view provider,
                          std::string_view model) {
    const domain::ModelPrice* price = tariff.book.find(provider, model);
    if (price == nullptr || !price->is_priced()) return {};
    return {price, domain::extent_of(call, *price, tariff.bound_rules)};
}

Result<Money> least_useful(const Tariff& tariff, const PricedTarget& target) {
    domain::Extent extent = target.extent;
    extent.output_tokens = std::min(extent.output_tokens, useful_output_tokens);
    return domain::bound(*target.price, extent, tariff.terms);
}

/// The first slice, if the call can be set aside in slices whichever target serves it.
Result<std::optional<Money>> first_slice(const Tariff& tariff, const domain::Call& call, const Quote& quote) {
    Money slice;
    for (const PricedTarget& target : quote.targets) {
        if (target.price == nullptr) return std::nullopt;
        const auto extent = domain::first_slice(call, *target.price, target.extent, tariff.slice);
        if (!extent) return std::nullopt;
        const auto bound = domain::bound(*target.price, *extent, tariff.terms);
        if (!bound) return std::unexpected(bound.error());
        slice = std::max(slice, *bound);
    }
    if (quote.targets.empty() || slice < quote.minimum) return std::nullopt;
    return slice;
}

} // namespace

Result<Quote> make_quote(const Tariff& tariff, const domain::Call& call, const domain::Route& route,
                         const domain::Router& router) {
    Quote quote;
    for (const domain::Target& each : route.targets) {
        const PricedTarget target =
            price_target(tariff, call, router.rules().providers[each.provider], each.model);
        quote.targets.push_back(target);
        if (target.price == nullptr) {
            if (!tariff.unpriced_floor) quote.is_priced = false;
            const Money floor = tariff.unpriced_floor.value_or(Money());
            quote.bound = std::max(quote.bound, floor);
            quote.minimum = std::max(quote.minimum, floor);
            continue;
        }
        const auto bound = domain::bound(*target.price, target.extent, tariff.terms);
        if (!bound) return std::unexpected(bound.error());
        const auto least = least_useful(tariff, target);
        if (!least) return std::unexpected(least.error());
        quote.bound = std::max(quote.bound, *bound);
        quote.minimum = std::max(quote.minimum, *least);
    }
    const auto slice = first_slice(tariff, call, quote);
    if (!slice) return std::unexpected(slice.error());
    quote.slice = *slice;
    return quote;
}

Money Bill::full_cost(const domain::Usage& usage) const {
    if (target_.price == nullptr) return tariff_->unpriced_floor.value_or(Money());
    const auto exact = domain::cost(*target_.price, usage, tariff_->terms);
    // It does not fit into money: only absurd figures get here.
    return exact ? *exact : ceiling_.value_or(Money());
}

Money Bill::cost(const domain::Usage& usage) const {
    const Money cost = full_cost(usage);
    return ceiling_ ? std::min(cost, *ceiling_) : cost;
}

std::optional<std::uint64_t> Bill::lowered_cap(Money granted) const {
    if (target_.price == nullptr || target_.extent.cap_source == domain::CapSource::none) return std::nullopt;
    if (target_.extent.cap_source != domain::CapSource::assumed) {
        const auto whole = domain::bound(*target_.price, target_.extent, tariff_->terms);
        if (whole && *whole <= granted) return std::nullopt; // the usual case, without the search
    }
    const auto affordable =
        domain::largest_output_within(granted, *target_.price, target_.extent, tariff_->terms);
    if (!affordable) return std::nullopt;
    const bool covers_all = *affordable >= target_.extent.output_tokens;
    if (covers_all && target_.extent.cap_source != domain::CapSource::assumed) return std::nullopt;
    return affordable;
}

} // namespace tollgate::gateway
