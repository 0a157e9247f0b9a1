#include "tollgate/domain/slice.hpp"

#include <algorithm>

namespace tollgate::domain {

namespace {

// A price for sound: the model may speak, and sound is billed by the second and not by its bytes.
bool may_speak(const ModelPrice& price) {
    const auto speaks = [](const Rates& rates) { return rates.audio_output.has_value(); };
    return speaks(price.base) ||
           std::ranges::any_of(price.tiers, [&](const Tier& tier) { return speaks(tier.rates); });
}

bool is_all_output_seen(const Call& call, const ModelPrice& price) {
    return price.never_reasons && !may_speak(price) && !call.has_unknown_members &&
           call.best_of <= call.choices;
}

} // namespace

std::optional<Extent> first_slice(const Call& call, const ModelPrice& price, const Extent& whole,
                                  const SliceRules& rules) {
    if (rules.tokens == 0 || !call.stream || !is_all_output_seen(call, price)) return std::nullopt;
    std::uint64_t output = 0;
    const bool is_huge = __builtin_mul_overflow(whole.output_tokens, whole.choices, &output);
    if (!is_huge && output / 2 <= rules.tokens) return std::nullopt;
    Extent slice = whole;
    slice.output_tokens = rules.tokens;
    slice.choices = 1;
    return slice;
}

base::Money Allowance::wanted(std::uint64_t seen) const {
    Extent extent = extent_;
    extent.output_tokens = seen + rules_.tokens;
    const auto most = bound(*price_, extent, terms_);
    return most ? *most : base::Money::of_micros(INT64_MAX); // more than there is: extend what can be
}

void Allowance::set_held(base::Money held) {
    Extent extent = extent_;
    extent.output_tokens = std::uint64_t{1} << 40; // beyond any answer
    covered_ = largest_output_within(held, *price_, extent, terms_).value_or(0);
}

} // namespace tollgate::domain
