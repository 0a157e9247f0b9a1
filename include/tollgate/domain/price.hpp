// What a model costs and what a call is charged: US dollars per unit as published, turned into the ledger
// currency by exact integer arithmetic and rounded once, half up. Pure values; a snapshot is shared by all
// threads.
#pragma once

#include "tollgate/base/decimal.hpp"
#include "tollgate/base/error.hpp"
#include "tollgate/base/money.hpp"
#include "tollgate/domain/usage.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::domain {

/// A price in US dollars per unit (a token, an image, a request), in whole 1e-15 dollars.
class Rate {
public:
    static constexpr int decimals = 15;

    constexpr Rate() = default;
    static constexpr Rate of_femtodollars(std::uint64_t count) { return Rate(count); }

    /// Reads the text of a JSON number, "2.5e-06", exactly. Error: invalid_field, also for a negative price,
    /// one finer than 1e-15 dollars or one of more than about 9,000 dollars a unit.
    static base::Result<Rate> parse(std::string_view text);

    constexpr std::uint64_t femtodollars() const { return femtodollars_; }
    constexpr bool is_zero() const { return femtodollars_ == 0; }
    friend constexpr auto operator<=>(Rate, Rate) = default;

private:
    constexpr explicit Rate(std::uint64_t femtodollars) : femtodollars_(femtodollars) {}
    std::uint64_t femtodollars_ = 0;
};

/// "0.0000025"
std::string to_string(Rate rate);

/// Prices as published; absent where the list says nothing.
struct Rates {
    std::optional<Rate> input{};
    std::optional<Rate> cached_input{};
    std::optional<Rate> cache_write{};
    std::optional<Rate> output{};
    std::optional<Rate> audio_input{};
    std::optional<Rate> audio_output{};
    std::optional<Rate> image{};
    std::optional<Rate> request{};
    friend bool operator==(const Rates&, const Rates&) = default;
};

/// Long-context prices: they replace the base prices for the whole request once its prompt, cached tokens
/// included, has more than `above` tokens. What a tier does not name stays at the base price.
struct Tier {
    std::uint64_t above = 0;
    Rates rates{};
    friend bool operator==(const Tier&, const Tier&) = default;
};

struct ModelPrice {
    Rates base{};
    std::vector<Tier> tiers{}; // ascending by `above`, each only once
    std::string mode = "chat"; // LiteLLM's word: chat, embedding, image_generation, …
    std::optional<std::uint64_t> max_input_tokens{};
    std::optional<std::uint64_t> max_output_tokens{};
    bool never_reasons = false; // the list says so: all output that is billed passes by on the wire
    bool is_free = false;       // the operator says so; a list that says zero means that it does not know

    /// Is there anything to charge, or is the model free on purpose?
    bool is_priced() const;
    friend bool operator==(const ModelPrice&, const ModelPrice&) = default;
};

/// Ledger currency for one US dollar, everything included: usd_rate × (1 + buffer) × (1 + markup), exactly.
class Terms {
public:
    /// One for one.
    Terms() = default;

    /// Errors: invalid_configuration for a rate of zero or less, a negative buffer or markup, or figures
    /// whose product has more than 19 digits.
    static base::Result<Terms> of(base::Decimal usd_rate, base::Decimal buffer, base::Decimal markup);

    /// The factor is numerator / 10^scale.
    std::uint64_t numerator() const { return numerator_; }
    int scale() const { return scale_; }
    friend bool operator==(const Terms&, const Terms&) = default;

private:
    std::uint64_t numerator_ = 1;
    int scale_ = 0;
};

/// One price for every kind, with nothing left open.
struct AppliedRates {
    Rate input{};
    Rate cached_input{};
    Rate cache_write{};
    Rate output{};
    Rate audio_input{};
    Rate audio_output{};
    Rate image{};
    Rate request{};
    friend bool operator==(const AppliedRates&, const AppliedRates&) = default;
};

/// The prices of a request with so many prompt tokens. A kind without a price of its own is never free:
/// cached input, cache writes and audio input cost what input costs (LiteLLM takes them as free), audio
/// output costs what output costs, output of a model without an output price (embeddings) what input costs.
/// Images and requests without a price cost nothing beyond their tokens.
AppliedRates rates_for(const ModelPrice& price, std::uint64_t prompt_tokens);

/// The prices of the base and of each tier, for whom a range of prompt sizes is possible.
AppliedRates rates_of_tier(const ModelPrice& price, const Tier& tier);

/// What `usage` costs at `rates`, rounded half up to the micro-unit. Error: internal, if the sum does not
/// fit; never a wrong figure.
base::Result<base::Money> charge(const AppliedRates& rates, const Usage& usage, const Terms& terms);

/// What a call costs. Errors: unpriced_model; internal, if the sum does not fit.
base::Result<base::Money> cost(const ModelPrice& price, const Usage& usage, const Terms& terms);

} // namespace tollgate::domain
