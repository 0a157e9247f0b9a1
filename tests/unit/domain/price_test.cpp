#include "tollgate/domain/price.hpp"

#include "unit/domain/price_samples.hpp"

#include <boost/multiprecision/cpp_int.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <random>

namespace tollgate::domain {

namespace {

using namespace samples;
using boost::multiprecision::cpp_int;

struct Factors {
    base::Decimal usd_rate{};
    base::Decimal buffer{};
    base::Decimal markup{};
};

/// The definition of the contract in big integers, written without a look at the code under test.
class Model {
public:
    Model(const ModelPrice& price, const Factors& factors) : price_(price), factors_(factors) {}

    cpp_int micros(const Usage& usage) const {
        const cpp_int prompt =
            cpp_int(usage.input) + usage.cached_input + usage.cache_write + usage.audio_input;
        const Tier* tier = nullptr;
        for (const auto& candidate : price_.tiers) {
            if (prompt > candidate.above) tier = &candidate;
        }
        const auto femto = [&](std::optional<Rate> Rates::* kind, cpp_int otherwise) {
            if (tier != nullptr && (tier->rates.*kind).has_value()) {
                return cpp_int((tier->rates.*kind)->femtodollars());
            }
            return (price_.base.*kind).has_value() ? cpp_int((price_.base.*kind)->femtodollars()) : otherwise;
        };
        const cpp_int input = femto(&Rates::input, 0);
        const cpp_int output = femto(&Rates::output, input);
        cpp_int sum = usage.input * input + usage.output * output;
        sum += usage.cached_input * femto(&Rates::cached_input, input);
        sum += usage.cache_write * femto(&Rates::cache_write, input);
        sum += usage.audio_input * femto(&Rates::audio_input, input);
        sum += usage.audio_output * femto(&Rates::audio_output, output);
        sum += usage.images * femto(&Rates::image, 0) + usage.requests * femto(&Rates::request, 0);
        const cpp_int numerator = sum * factors_.usd_rate.digits *
                                  (cpp_int(factors_.buffer.denominator()) + factors_.buffer.digits) *
                                  (cpp_int(factors_.markup.denominator()) + factors_.markup.digits);
        const cpp_int denominator = cpp_int(1'000'000'000) * factors_.usd_rate.denominator() *
                                    factors_.buffer.denominator() * factors_.markup.denominator();
        return (2 * numerator + denominator) / (2 * denominator);
    }

private:
    const ModelPrice& price_;
    const Factors& factors_;
};

class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}

    std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }

    /// Every magnitude up to 2^bits is as likely as every other.
    std::uint64_t magnitude(unsigned bits) { return engine_() >> (64 - 1 - below(bits)); }

    std::optional<Rate> maybe_rate() {
        if (below(3) == 0) return std::nullopt;
        return Rate::of_femtodollars(magnitude(46));
    }

    Rates rates() {
        return {.input = maybe_rate(),
                .cached_input = maybe_rate(),
                .cache_write = maybe_rate(),
                .output = maybe_rate(),
                .audio_input = maybe_rate(),
                .audio_output = maybe_rate(),
                .image = maybe_rate(),
                .request = maybe_rate()};
    }

    ModelPrice price() {
        ModelPrice price{.base = rates()};
        price.base.input = Rate::of_femtodollars(1 + magnitude(40));
        std::uint64_t above = 0;
        for (std::uint64_t i = below(4); i > 0; --i) {
            price.tiers.push_back(Tier{.above = above += 1 + magnitude(18), .rates = rates()});
        }
        return price;
    }

    Usage usage() {
        return {.input = magnitude(26),
                .cached_input = below(2) * magnitude(26),
                .cache_write = below(2) * magnitude(22),
                .output = magnitude(22),
                .audio_input = below(2) * magnitude(20),
                .audio_output = below(2) * magnitude(20),
                .images = below(3),
                .requests = below(2)};
    }

    Factors factors() {
        static constexpr Factors choices[] = {{{88, 0}, {5, 2}, {5, 2}},
                                              {{1, 0}, {0, 0}, {0, 0}},
                                              {{884537, 4}, {5, 2}, {5, 2}},
                                              {{83123456, 6}, {375, 4}, {625, 4}},
                                              {{88123457, 6}, {1234, 5}, {5433, 5}},
                                              {{11, 3}, {1, 0}, {25, 1}}};
        return choices[below(std::size(choices))];
    }

private:
    std::mt19937_64 engine_;
};

std::uint64_t random_calls() {
    const char* text = std::getenv("TOLLGATE_RANDOM_CALLS");
    return text == nullptr ? 200'000 : std::strtoull(text, nullptr, 10);
}

} // namespace

TEST(Rate, ReadsTheTextOfANumberExactly) {
    EXPECT_EQ(rate("2.5e-06").femtodollars(), 2'500'000'000U);
    EXPECT_EQ(rate("0.0000025"), rate("2.5e-06"));
    EXPECT_EQ(rate("1E-15").femtodollars(), 1U);
    EXPECT_EQ(rate("1.5e-07").femtodollars(), 150'000'000U);
    EXPECT_EQ(rate("0").femtodollars(), 0U);
    EXPECT_EQ(rate("0.0"), rate("0"));
    EXPECT_EQ(rate("9223").femtodollars(), 9'223'000'000'000'000'000U);
    EXPECT_EQ(rate("0.020000000000000"), rate("2e-2"));
}

TEST(Rate, RefusesWhatIsNotAnExactPrice) {
    for (const char* text : {"", "-1e-06", "1e-16", "3.3333333333333335e-05", "9224", "1e9", "free", "0x1",
                             "NaN", "1e-06 ", "+1", "1,5", ".5", "1e"}) {
        EXPECT_FALSE(Rate::parse(text).has_value()) << text;
    }
}

TEST(Rate, PrintsTheShortestDecimal) {
    EXPECT_EQ(to_string(rate("2.5e-06")), "0.0000025");
    EXPECT_EQ(to_string(rate("1e-15")), "0.000000000000001");
    EXPECT_EQ(to_string(rate("0.04")), "0.04");
    EXPECT_EQ(to_string(Rate()), "0");
}

TEST(Terms, MultiplyRateBufferAndMarkupWithoutRounding) {
    const auto compounded = terms("88.00", "0.05", "0.05");
    EXPECT_EQ(compounded.numerator(), 9702U);
    EXPECT_EQ(compounded.scale(), 2);
    EXPECT_EQ(terms("1", "0", "0"), Terms());
}

TEST(Terms, RefuseWhatCannotBeAnExchange) {
    const auto of = [](const char* usd_rate, const char* buffer, const char* markup) {
        return Terms::of(base::Decimal::parse(usd_rate).value(), base::Decimal::parse(buffer).value(),
                         base::Decimal::parse(markup).value());
    };
    EXPECT_FALSE(of("0", "0.05", "0.05").has_value());
    EXPECT_FALSE(of("-88", "0.05", "0.05").has_value());
    EXPECT_FALSE(of("88", "-0.05", "0.05").has_value());
    EXPECT_FALSE(of("88", "0.05", "-1").has_value());
    EXPECT_FALSE(of("88.1234567", "0.1234567", "0.1234567").has_value());
    EXPECT_FALSE(of("88", "0.000000000000000001", "10").has_value());
    EXPECT_TRUE(of("88.123456", "0.0525", "0.0525").has_value());
}

TEST(Cost, RefusesAModelWithoutAPrice) {
    const Usage usage{.input = 10};
    EXPECT_EQ(cost(ModelPrice(), usage, inr()).error().code, base::ErrorCode::unpriced_model);
    const ModelPrice zero{.base = {.input = Rate(), .output = Rate()}};
    EXPECT_EQ(cost(zero, usage, inr()).error().code, base::ErrorCode::unpriced_model);
}

TEST(Cost, OfAModelThatIsFreeOnPurposeIsZero) {
    const ModelPrice free{.base = {.input = Rate(), .output = Rate()}, .is_free = true};
    EXPECT_EQ(cost(free, {.input = 10, .output = 10}, inr()).value(), base::Money());
}

TEST(Cost, FailsRatherThanBeingWrongWhenItDoesNotFit) {
    const std::uint64_t most = UINT64_MAX;
    EXPECT_FALSE(cost(gpt_4o(), {.input = most, .output = most}, inr()).has_value());
    const ModelPrice dear{.base = {.input = rate("9223"), .output = rate("9223")}};
    EXPECT_FALSE(cost(dear, {.input = most, .cached_input = most, .output = most}, inr()).has_value());
    EXPECT_FALSE(cost(dear, {.input = 1'000'000'000'000}, plain()).has_value());
    EXPECT_TRUE(cost(dear, {.input = 1'000'000}, plain()).has_value());
}

TEST(Cost, TakesTheHighestTierWhenThePromptDoesNotFitIn64Bits) {
    const ModelPrice price{.base = {.input = rate("1e-15")},
                           .tiers = {{.above = 200'000, .rates = {.input = rate("2e-15")}}}};
    const Usage usage{.input = UINT64_MAX, .cached_input = 2};
    // 2e-15 x (2^64 + 1) dollars
    EXPECT_EQ(cost(price, usage, Terms()).value().micros(), 36'893'488'147);
}

TEST(Cost, EqualsTheModelInBigIntegersForRandomCalls) {
    Dice dice(20261123);
    std::uint64_t charged = 0;
    for (std::uint64_t i = 0, calls = random_calls(); i < calls; ++i) {
        const ModelPrice price = dice.price();
        const Factors factors = dice.factors();
        const Usage usage = dice.usage();
        const auto terms = Terms::of(factors.usd_rate, factors.buffer, factors.markup);
        ASSERT_TRUE(terms.has_value());
        const cpp_int expected = Model(price, factors).micros(usage);
        const auto actual = cost(price, usage, *terms);
        if (expected > INT64_MAX) {
            ASSERT_FALSE(actual.has_value());
            continue;
        }
        ASSERT_TRUE(actual.has_value()) << expected;
        ASSERT_EQ(cpp_int(actual->micros()), expected);
        ++charged;
    }
    EXPECT_GT(charged, random_calls() / 2);
}

TEST(Cost, GrowsWithEveryKindOfUsage) {
    Dice dice(7);
    for (int i = 0; i < 20'000; ++i) {
        ModelPrice price = dice.price();
        price.tiers.clear(); // a list may make a higher tier cheaper
        const Usage usage = dice.usage();
        const auto less = cost(price, usage, inr());
        for (auto kind : {&Usage::input, &Usage::cached_input, &Usage::cache_write, &Usage::output,
                          &Usage::audio_input, &Usage::audio_output, &Usage::images, &Usage::requests}) {
            Usage more = usage;
            more.*kind += 1 + dice.below(1000);
            const auto after = cost(price, more, inr());
            if (!less.has_value() || !after.has_value()) continue;
            ASSERT_LE(*less, *after);
        }
    }
}

} // namespace tollgate::domain
