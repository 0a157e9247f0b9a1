#include "tollgate/domain/bound.hpp"

#include "unit/domain/price_samples.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tollgate::domain {

namespace {

using namespace samples;

Call chat(std::size_t prompt_bytes, std::vector<OutputCap> caps = {}) {
    Call call;
    call.prompt_bytes = prompt_bytes;
    call.output_caps = std::move(caps);
    return call;
}

class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}

    std::uint64_t up_to(std::uint64_t most) { return engine_() % (most + 1); }

    std::optional<Rate> maybe_rate() {
        if (up_to(2) == 0) return std::nullopt;
        return Rate::of_femtodollars(engine_() >> (24 + up_to(20)));
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

    /// Tiers may be dearer or cheaper than what is below them.
    ModelPrice price() {
        ModelPrice price{.base = rates()};
        price.base.input = Rate::of_femtodollars(1 + up_to(100'000'000'000));
        std::uint64_t above = 0;
        for (std::uint64_t i = up_to(3); i > 0; --i) {
            price.tiers.push_back(Tier{.above = above += 1 + up_to(100'000), .rates = rates()});
        }
        if (up_to(1) == 1) price.max_output_tokens = 1 + up_to(100'000);
        return price;
    }

    Extent extent() {
        return {.input_tokens = up_to(400'000),
                .output_tokens = up_to(64'000),
                .choices = 1 + up_to(3),
                .images = up_to(2),
                .may_hold_audio = up_to(1) == 1};
    }

    /// Any split of any total that stays within the extent.
    Usage usage_within(const Extent& extent) {
        Usage usage{.images = up_to(extent.images), .requests = up_to(1)};
        std::uint64_t input = up_to(4) == 0 ? extent.input_tokens : up_to(extent.input_tokens);
        usage.cached_input = up_to(input);
        input -= usage.cached_input;
        usage.cache_write = up_to(input);
        input -= usage.cache_write;
        if (extent.may_hold_audio) usage.audio_input = up_to(input);
        usage.input = input - usage.audio_input;
        const std::uint64_t most = extent.output_tokens * extent.choices;
        const std::uint64_t output = up_to(4) == 0 ? most : up_to(most);
        usage.audio_output = up_to(output);
        usage.output = output - usage.audio_output;
        usage.reasoning = up_to(usage.output);
        return usage;
    }

private:
    std::mt19937_64 engine_;
};

} // namespace

TEST(Bound, IsNeverBelowTheCostOfAUsageWithinIt) {
    Dice dice(1);
    for (int i = 0; i < 200'000; ++i) {
        const ModelPrice price = dice.price();
        const Extent extent = dice.extent();
        const auto most = bound(price, extent, inr());
        ASSERT_TRUE(most.has_value());
        const auto actual = cost(price, dice.usage_within(extent), inr());
        ASSERT_TRUE(actual.has_value());
        ASSERT_LE(*actual, *most);
    }
}

TEST(Bound, IsTheCostOfTheLargestUsageWhereOneKindHasAPrice) {
    const Extent extent{.input_tokens = 1000, .output_tokens = 500, .choices = 2};
    EXPECT_EQ(bound(mistral(), extent, inr()).value(),
              cost(mistral(), {.input = 1000, .output = 1000}, inr()).value());
}

TEST(Bound, TakesTheDearestKindOfInputAndOutput) {
    const Extent extent{.input_tokens = 1000, .output_tokens = 100};
    EXPECT_EQ(bound(claude_sonnet(), extent, inr()).value(),
              cost(claude_sonnet(), {.cache_write = 1000, .output = 100}, inr()).value());
    EXPECT_EQ(bound(gpt_4o_audio(), extent, inr()).value(),
              cost(gpt_4o_audio(), {.input = 1000, .audio_output = 100}, inr()).value());
}

TEST(Bound, PricesInputAsAudioOnlyWhereThereMayBeAudio) {
    Extent extent{.input_tokens = 1000};
    EXPECT_EQ(bound(gemini_flash(), extent, inr()).value(),
              cost(gemini_flash(), {.input = 1000}, inr()).value());
    extent.may_hold_audio = true;
    EXPECT_EQ(bound(gemini_flash(), extent, inr()).value(),
              cost(gemini_flash(), {.audio_input = 1000}, inr()).value());
}

TEST(Bound, CountsALongContextTierAsSoonAsThePromptCanReachIt) {
    Extent extent{.input_tokens = 200'000, .output_tokens = 100};
    EXPECT_EQ(bound(gemini_pro(), extent, inr()).value(),
              cost(gemini_pro(), {.input = 200'000, .output = 100}, inr()).value());
    extent.input_tokens = 200'001;
    EXPECT_EQ(bound(gemini_pro(), extent, inr()).value(),
              cost(gemini_pro(), {.input = 200'001, .output = 100}, inr()).value());
}

TEST(Bound, KeepsTheBasePriceWhereATierIsCheaper) {
    const ModelPrice price{.base = {.input = rate("2e-06"), .output = rate("2e-06")},
                           .tiers = {{.above = 100, .rates = {.input = rate("1e-06")}}}};
    EXPECT_EQ(bound(price, {.input_tokens = 150}, plain()).value().micros(), 300);
}

TEST(Bound, CountsTheFeeOfARequestAndImages) {
    EXPECT_EQ(bound(per_request(), {}, plain()).value().micros(), 5'000);
    EXPECT_EQ(bound(dall_e(), {.images = 2}, plain()).value().micros(), 80'000);
}

TEST(Bound, RefusesAModelWithoutAPriceAndWhatDoesNotFit) {
    EXPECT_EQ(bound(ModelPrice(), {.input_tokens = 1}, inr()).error().code, base::ErrorCode::unpriced_model);
    const Extent endless{.input_tokens = 1, .output_tokens = UINT64_MAX, .choices = 4};
    EXPECT_FALSE(bound(gpt_4o(), endless, inr()).has_value());
}

TEST(Extent, TakesEveryByteOfTheBodyForAToken) {
    EXPECT_EQ(extent_of(chat(57), gpt_4o(), {}).input_tokens, 57U);
}

TEST(Extent, AddsWhatBytesDoNotBound) {
    const BoundRules rules{.tool_tokens = 500, .tokens_per_attachment = 1000};
    Call call = chat(57);
    call.has_tools = true;
    call.attachments = 2;
    EXPECT_EQ(extent_of(call, gpt_4o(), rules).input_tokens, 2557U);
    EXPECT_TRUE(extent_of(call, gpt_4o(), rules).may_hold_audio);

    ModelPrice small = gpt_4o();
    small.max_input_tokens = 1500;
    EXPECT_EQ(extent_of(call, small, rules).input_tokens, 2057U);
    call.attachments = UINT64_MAX;
    EXPECT_EQ(extent_of(call, gpt_4o(), rules).input_tokens, UINT64_MAX);
}

TEST(Extent, NeverCutsTheBodyToTheModelsWindow) {
    ModelPrice small = gpt_4o();
    small.max_input_tokens = 10;
    EXPECT_EQ(extent_of(chat(5000), small, {}).input_tokens, 5000U);
}

TEST(Extent, GoesByTheLargerOfTwoCaps) {
    const auto extent = extent_of(chat(10, {{.tokens = 5}, {.tokens = 7}}), gpt_4o(), {});
    EXPECT_EQ(extent.output_tokens, 7U);
    EXPECT_EQ(extent.cap_source, CapSource::asked);
}

TEST(Extent, KnowsACapOfZeroFromNoCap) {
    const auto extent = extent_of(chat(10, {{.tokens = 0}}), gpt_4o(), {});
    EXPECT_EQ(extent.output_tokens, 0U);
    EXPECT_EQ(extent.cap_source, CapSource::asked);
}

TEST(Extent, WithoutACapGoesByTheModelAndElseByTheDefault) {
    ModelPrice price = gpt_4o();
    EXPECT_EQ(extent_of(chat(10), price, {.default_output_tokens = 99}).output_tokens, 99U);
    EXPECT_EQ(extent_of(chat(10), price, {}).cap_source, CapSource::assumed);
    price.max_output_tokens = 16'384;
    EXPECT_EQ(extent_of(chat(10), price, {}).output_tokens, 16'384U);
    EXPECT_EQ(extent_of(chat(10), price, {}).cap_source, CapSource::model);
}

TEST(Extent, CountsEveryChoiceOfEveryPrompt) {
    Call call = chat(10, {{.tokens = 5}});
    call.choices = 3;
    EXPECT_EQ(extent_of(call, gpt_4o(), {}).choices, 3U);
    call.best_of = 4;
    call.prompts = 2;
    EXPECT_EQ(extent_of(call, gpt_4o(), {}).choices, 8U);
}

TEST(Extent, OfEmbeddingsHasNoOutput) {
    Call call = chat(10);
    call.endpoint = Endpoint::embeddings;
    const auto extent = extent_of(call, embedding_small(), {});
    EXPECT_EQ(extent.output_tokens, 0U);
    EXPECT_EQ(extent.cap_source, CapSource::none);
}

TEST(LargestOutput, IsCoveredAndOneTokenMoreIsNot) {
    Dice dice(2);
    for (int i = 0; i < 5'000; ++i) {
        const ModelPrice price = dice.price();
        Extent extent = dice.extent();
        const auto most = bound(price, extent, inr()).value();
        const auto left = base::Money::of_micros(
            static_cast<std::int64_t>(dice.up_to(static_cast<std::uint64_t>(most.micros()) + 1000)));
        const auto covered = largest_output_within(left, price, extent, inr());
        const std::uint64_t asked = extent.output_tokens;
        extent.output_tokens = covered.value_or(0);
        ASSERT_EQ(bound(price, extent, inr()).value() <= left, covered.has_value());
        if (!covered.has_value() || *covered == asked) continue;
        ++extent.output_tokens;
        ASSERT_GT(bound(price, extent, inr()).value(), left);
    }
}

TEST(LargestOutput, IsTheWholeCapWhenMoneyIsPlenty) {
    const Extent extent{.input_tokens = 10, .output_tokens = 100};
    EXPECT_EQ(largest_output_within(base::Money::maximum(), gpt_4o(), extent, inr()), 100U);
}

TEST(LargestOutput, IsNothingWhenTheInputIsNotCovered) {
    const Extent extent{.input_tokens = 1000, .output_tokens = 100};
    EXPECT_EQ(largest_output_within(base::Money::of_micros(100), gpt_4o(), extent, inr()), std::nullopt);
    EXPECT_EQ(largest_output_within(base::Money::maximum(), ModelPrice(), extent, inr()), std::nullopt);
}

TEST(LargestOutput, NeverGrowsWhenMoneyShrinks) {
    const Extent extent{.input_tokens = 1000, .output_tokens = 4000, .choices = 2};
    std::optional<std::uint64_t> before = 0;
    for (std::int64_t micros = 0; micros < 10'000'000; micros += 50'000) {
        const auto covered =
            largest_output_within(base::Money::of_micros(micros), claude_sonnet(), extent, inr());
        EXPECT_GE(covered.value_or(0), before.value_or(0));
        before = covered;
    }
    EXPECT_EQ(before, 3293U);
}

} // namespace tollgate::domain
