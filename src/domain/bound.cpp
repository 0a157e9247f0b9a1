#include "tollgate/domain/bound.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace tollgate::domain {

namespace {

// Saturating: a size beyond 64 bits is as unaffordable as one at their end.
std::uint64_t add(std::uint64_t left, std::uint64_t right) {
    std::uint64_t sum = 0;
    return __builtin_add_overflow(left, right, &sum) ? std::numeric_limits<std::uint64_t>::max() : sum;
}

std::uint64_t multiply(std::uint64_t left, std::uint64_t right) {
    std::uint64_t product = 0;
    return __builtin_mul_overflow(left, right, &product) ? std::numeric_limits<std::uint64_t>::max()
                                                         : product;
}

std::uint64_t input_tokens_of(const Call& call, const ModelPrice& price, const BoundRules& rules) {
    std::uint64_t attached = multiply(call.attachments, rules.tokens_per_attachment);
    // The body's own bytes are never cut to the model's window: the bound would then hang on the price file.
    if (price.max_input_tokens) attached = std::min(attached, *price.max_input_tokens);
    const std::uint64_t tools = call.has_tools ? rules.tool_tokens : 0;
    const std::uint64_t text = call.most_text_tokens.value_or(call.prompt_bytes);
    return add(add(text, attached), tools);
}

void set_output(Extent& extent, const Call& call, const ModelPrice& price, const BoundRules& rules) {
    if (call.endpoint == Endpoint::embeddings) return;
    // A provider may go by either of two caps, so the larger counts.
    for (const auto& cap : call.output_caps) {
        extent.output_tokens = std::max(extent.output_tokens, cap.tokens);
        extent.cap_source = CapSource::asked;
    }
    if (extent.cap_source == CapSource::asked) return;
    extent.cap_source = price.max_output_tokens ? CapSource::model : CapSource::assumed;
    extent.output_tokens = price.max_output_tokens.value_or(rules.default_output_tokens);
}

/// All the tokens of the extent, each side in its dearest kind.
Usage dearest_usage(const AppliedRates& rates, const Extent& extent) {
    std::pair<Rate, std::uint64_t Usage::*> input{rates.input, &Usage::input};
    const auto offer = [&](Rate rate, std::uint64_t Usage::* kind) {
        if (rate > input.first) input = {rate, kind};
    };
    offer(rates.cached_input, &Usage::cached_input);
    offer(rates.cache_write, &Usage::cache_write);
    if (extent.may_hold_audio) offer(rates.audio_input, &Usage::audio_input);

    Usage usage;
    usage.*input.second = extent.input_tokens;
    const auto output = rates.audio_output > rates.output ? &Usage::audio_output : &Usage::output;
    usage.*output = multiply(extent.output_tokens, extent.choices);
    usage.images = extent.images;
    return usage;
}

} // namespace

Extent extent_of(const Call& call, const ModelPrice& price, const BoundRules& rules) {
    Extent extent;
    extent.input_tokens = input_tokens_of(call, price, rules);
    extent.choices = multiply(std::max(call.choices, call.best_of), call.prompts);
    extent.may_hold_audio = call.attachments > 0;
    set_output(extent, call, price, rules);
    return extent;
}

base::Result<base::Money> bound(const ModelPrice& price, const Extent& extent, const Terms& terms) {
    // cost() refuses a model without a price; asking it keeps that rule in one place.
    if (!price.is_priced()) return cost(price, Usage{.requests = 0}, terms);
    const AppliedRates base_rates = rates_for(price, 0);
    auto most = charge(base_rates, dearest_usage(base_rates, extent), terms);
    const auto consider = [&](const AppliedRates& rates) {
        if (!most) return;
        const auto charged = charge(rates, dearest_usage(rates, extent), terms);
        if (!charged || *charged > *most) most = charged;
    };
    for (const auto& tier : price.tiers) {
        if (extent.input_tokens > tier.above) consider(rates_of_tier(price, tier));
    }
    return most;
}

std::optional<std::uint64_t> largest_output_within(base::Money left, const ModelPrice& price,
                                                   const Extent& extent, const Terms& terms) {
    const auto is_covered = [&](std::uint64_t output_tokens) {
        Extent tried = extent;
        tried.output_tokens = output_tokens;
        const auto most = bound(price, tried, terms);
        return most.has_value() && *most <= left;
    };
    if (!is_covered(0)) return std::nullopt;
    std::uint64_t covered = 0;
    std::uint64_t refused = add(extent.output_tokens, 1);
    while (refused - covered > 1) {
        const std::uint64_t middle = covered + (refused - covered) / 2;
        (is_covered(middle) ? covered : refused) = middle;
    }
    return covered;
}

} // namespace tollgate::domain
