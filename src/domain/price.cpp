#include "tollgate/domain/price.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <array>

namespace tollgate::domain {

namespace {

// An extension of the compiler that -Wpedantic knows.
__extension__ using Wide = unsigned __int128;
using boost::multiprecision::uint256_t;

// One micro-unit is 1e9 femto-units.
constexpr int micro_digits = Rate::decimals - 6;

// Largest power of ten in 128 bits is 10^38.
constexpr int max_terms_scale = 38 - micro_digits;

constexpr std::uint64_t largest_charge = INT64_MAX;

Wide power_of_ten(int exponent) {
    static constexpr auto powers = [] {
        std::array<Wide, 39> table{};
        Wide power = 1;
        for (std::size_t i = 0; i < table.size(); ++i) {
            table[i] = power;
            if (i + 1 < table.size()) power *= 10;
        }
        return table;
    }();
    return powers[static_cast<std::size_t>(exponent)];
}

std::unexpected<base::Error> does_not_fit() {
    return base::fail(base::ErrorCode::internal, base::ErrorSource::internal,
                      "the cost of the call does not fit in the ledger's range");
}

std::unexpected<base::Error> bad_terms(std::string message) {
    return base::fail(base::ErrorCode::invalid_configuration, base::ErrorSource::internal,
                      std::move(message));
}

uint256_t widen(Wide value) {
    return (uint256_t(static_cast<std::uint64_t>(value >> 64)) << 64) | static_cast<std::uint64_t>(value);
}

/// femtodollars × factor, rounded half up to micro-units, when the product needs more than 128 bits.
base::Result<base::Money> convert_wide(Wide femtodollars, const Terms& terms) {
    const uint256_t divisor = widen(power_of_ten(micro_digits + terms.scale()));
    const uint256_t micros = (widen(femtodollars) * terms.numerator() + divisor / 2) / divisor;
    if (micros > largest_charge) return does_not_fit();
    return base::Money::of_micros(static_cast<std::int64_t>(micros));
}

/// Nearly every call is small enough for the processor's own division.
Wide divide(Wide dividend, Wide divisor) {
    const bool is_small = dividend <= UINT64_MAX && divisor <= UINT64_MAX;
    return is_small ? static_cast<std::uint64_t>(dividend) / static_cast<std::uint64_t>(divisor)
                    : dividend / divisor;
}

base::Result<base::Money> convert(Wide femtodollars, const Terms& terms) {
    const Wide divisor = power_of_ten(micro_digits + terms.scale());
    Wide product = 0;
    if (__builtin_mul_overflow(femtodollars, Wide{terms.numerator()}, &product) ||
        __builtin_add_overflow(product, divisor / 2, &product)) {
        return convert_wide(femtodollars, terms);
    }
    const Wide micros = divide(product, divisor);
    if (micros > largest_charge) return does_not_fit();
    return base::Money::of_micros(static_cast<std::int64_t>(micros));
}

/// 1 + fraction, times 10^scale; nothing if it does not fit.
std::optional<std::uint64_t> one_plus(base::Decimal fraction) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(fraction.denominator(), fraction.digits, &sum)) return std::nullopt;
    return static_cast<std::uint64_t>(sum);
}

AppliedRates apply(const Rates& base, const Rates& tier) {
    const auto pick = [&](std::optional<Rate> Rates::* kind) {
        return (tier.*kind).has_value() ? tier.*kind : base.*kind;
    };
    AppliedRates applied;
    applied.input = pick(&Rates::input).value_or(Rate());
    applied.cached_input = pick(&Rates::cached_input).value_or(applied.input);
    applied.cache_write = pick(&Rates::cache_write).value_or(applied.input);
    applied.audio_input = pick(&Rates::audio_input).value_or(applied.input);
    applied.output = pick(&Rates::output).value_or(applied.input);
    applied.audio_output = pick(&Rates::audio_output).value_or(applied.output);
    applied.image = pick(&Rates::image).value_or(Rate());
    applied.request = pick(&Rates::request).value_or(Rate());
    return applied;
}

bool is_above_zero(std::optional<Rate> rate) {
    return rate.has_value() && !rate->is_zero();
}

} // namespace

base::Result<Rate> Rate::parse(std::string_view text) {
    const auto refuse = [&](const char* rule) {
        return base::reject(base::ErrorCode::invalid_field,
                            "'" + std::string(text) + "' is no price: " + rule);
    };
    const auto number = base::Decimal::parse(text);
    if (!number || number->scale > decimals) return refuse("it must be a number of at most 15 decimals");
    if (number->is_negative()) return refuse("it is negative");
    const Wide count = static_cast<Wide>(number->digits) * power_of_ten(decimals - number->scale);
    if (count > static_cast<Wide>(INT64_MAX)) return refuse("it is above 9,223 dollars");
    return Rate(static_cast<std::uint64_t>(count));
}

std::string to_string(Rate rate) {
    // parse() admits no more than fits in 63 bits.
    std::int64_t digits = static_cast<std::int64_t>(rate.femtodollars());
    int scale = Rate::decimals;
    while (scale > 0 && digits % 10 == 0) {
        digits /= 10;
        --scale;
    }
    return base::to_string(base::Decimal{digits, scale});
}

bool ModelPrice::is_priced() const {
    const auto has_price = [](const Rates& rates) {
        return is_above_zero(rates.input) || is_above_zero(rates.output) ||
               is_above_zero(rates.audio_input) || is_above_zero(rates.audio_output) ||
               is_above_zero(rates.image) || is_above_zero(rates.request);
    };
    return is_free || has_price(base);
}

base::Result<Terms> Terms::of(base::Decimal usd_rate, base::Decimal buffer, base::Decimal markup) {
    if (usd_rate.digits <= 0) return bad_terms("the exchange rate must be above zero");
    if (buffer.is_negative() || markup.is_negative()) {
        return bad_terms("buffer and markup must not be negative");
    }
    const auto with_buffer = one_plus(buffer);
    const auto with_markup = one_plus(markup);
    Wide product = static_cast<Wide>(usd_rate.digits);
    if (!with_buffer || !with_markup || __builtin_mul_overflow(product, Wide{*with_buffer}, &product) ||
        __builtin_mul_overflow(product, Wide{*with_markup}, &product)) {
        return bad_terms("exchange rate, buffer and markup have too many digits");
    }
    int scale = usd_rate.scale + buffer.scale + markup.scale;
    for (; scale > 0 && product % 10 == 0; --scale) product /= 10;
    if (product > UINT64_MAX || scale > max_terms_scale) {
        return bad_terms("exchange rate, buffer and markup have too many digits");
    }
    Terms terms;
    terms.numerator_ = static_cast<std::uint64_t>(product);
    terms.scale_ = scale;
    return terms;
}

AppliedRates rates_of_tier(const ModelPrice& price, const Tier& tier) {
    return apply(price.base, tier.rates);
}

AppliedRates rates_for(const ModelPrice& price, std::uint64_t prompt_tokens) {
    const auto tier = std::find_if(price.tiers.rbegin(), price.tiers.rend(),
                                   [&](const Tier& candidate) { return prompt_tokens > candidate.above; });
    return tier == price.tiers.rend() ? apply(price.base, Rates()) : apply(price.base, tier->rates);
}

base::Result<base::Money> charge(const AppliedRates& rates, const Usage& usage, const Terms& terms) {
    Wide sum = 0;
    bool fits = true;
    const auto add = [&](std::uint64_t count, Rate rate) {
        if (count == 0) return; // most kinds
        const Wide part = static_cast<Wide>(count) * rate.femtodollars();
        fits = !__builtin_add_overflow(sum, part, &sum) && fits;
    };
    add(usage.input, rates.input);
    add(usage.cached_input, rates.cached_input);
    add(usage.cache_write, rates.cache_write);
    add(usage.output, rates.output);
    add(usage.audio_input, rates.audio_input);
    add(usage.audio_output, rates.audio_output);
    add(usage.images, rates.image);
    add(usage.requests, rates.request);
    if (!fits) return does_not_fit();
    return convert(sum, terms);
}

base::Result<base::Money> cost(const ModelPrice& price, const Usage& usage, const Terms& terms) {
    if (!price.is_priced()) {
        return base::reject(base::ErrorCode::unpriced_model, "the model has no price", "model");
    }
    // Four counts of up to 64 bits may not fit in their sum; the highest tier is then the right one.
    std::uint64_t prompt_tokens = 0;
    for (const auto count : {usage.input, usage.cached_input, usage.cache_write, usage.audio_input}) {
        if (__builtin_add_overflow(prompt_tokens, count, &prompt_tokens)) prompt_tokens = UINT64_MAX;
    }
    return charge(rates_for(price, prompt_tokens), usage, terms);
}

} // namespace tollgate::domain
