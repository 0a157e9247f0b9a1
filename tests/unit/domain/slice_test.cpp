#include "tollgate/domain/slice.hpp"

#include "unit/domain/price_samples.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tollgate::domain {

namespace {

using namespace samples;
using base::Money;

Call stream() {
    Call call;
    call.prompt_bytes = 1'000;
    call.stream = true;
    return call;
}

ModelPrice quiet() {
    ModelPrice price = gpt_4o();
    price.never_reasons = true;
    price.max_output_tokens = 16'384;
    return price;
}

std::optional<Extent> slice_of(const Call& call, const ModelPrice& price, const SliceRules& rules = {}) {
    return first_slice(call, price, extent_of(call, price, BoundRules()), rules);
}

} // namespace

TEST(FirstSlice, IsSmallerThanTheWholeOfAStreamWhoseOutputIsAllSeen) {
    const auto slice = slice_of(stream(), quiet());
    ASSERT_TRUE(slice);
    EXPECT_EQ(slice->output_tokens, 4'096U);
    EXPECT_EQ(slice->input_tokens, 1'000U);
    Call many = stream();
    many.choices = 5;
    EXPECT_EQ(slice_of(many, quiet())->choices, 1U) << "a slice is of all choices together";
}

TEST(FirstSlice, IsNotTakenWhereOutputMayBeHidden) {
    ModelPrice unknown = quiet();
    unknown.never_reasons = false;
    EXPECT_FALSE(slice_of(stream(), unknown)) << "the list does not say that it never reasons";
    ModelPrice speaking = quiet();
    speaking.base.audio_output = rate("8e-05");
    EXPECT_FALSE(slice_of(stream(), speaking));
    Call odd = stream();
    odd.has_unknown_members = true; // prediction, reasoning_effort, …
    EXPECT_FALSE(slice_of(odd, quiet()));
    Call best = stream();
    best.best_of = 3;
    EXPECT_FALSE(slice_of(best, quiet())) << "two of three answers are billed and never sent";
}

TEST(FirstSlice, IsNotTakenWhereItWouldSaveLittle) {
    Call plain = stream();
    plain.stream = false;
    EXPECT_FALSE(slice_of(plain, quiet()));
    Call capped = stream();
    capped.output_caps = {{.tokens = 8'193}};
    EXPECT_FALSE(slice_of(capped, quiet()));
    capped.output_caps = {{.tokens = 8'194}};
    EXPECT_TRUE(slice_of(capped, quiet()));
    EXPECT_FALSE(slice_of(stream(), quiet(), {.tokens = 0}));
}

TEST(Allowance, CoversWhatTheMoneyPaysBesideTheInput) {
    const ModelPrice price = quiet();
    const Terms rate = terms("88", "0.05", "0.05");
    const auto whole = extent_of(stream(), price, BoundRules());
    const SliceRules rules{.tokens = 800};
    Allowance allowance(price, whole, rate, rules);
    for (std::uint64_t seen : {0U, 1U, 799U, 12'345U}) {
        allowance.set_held(allowance.wanted(seen));
        EXPECT_TRUE(allowance.covers(seen + 800));
        EXPECT_FALSE(allowance.covers(seen + 802)) << "rounding covers one token more at most";
        EXPECT_FALSE(allowance.is_running_out(seen + 700));
        EXPECT_TRUE(allowance.is_running_out(seen + 702));
    }
    allowance.set_held(Money());
    EXPECT_TRUE(allowance.is_running_out(0));
}

TEST(Allowance, NeverCoversMoreThanItsMoneyPays) {
    std::mt19937_64 random(3);
    const Terms rate = terms("88", "0.05", "0.05");
    for (int round = 0; round < 2'000; ++round) {
        ModelPrice price = quiet();
        price.base.input = Rate::of_femtodollars(random() % 10'000'000'000);
        price.base.output = Rate::of_femtodollars(1 + random() % 50'000'000'000);
        if (random() % 2 == 0)
            price.tiers.push_back({.above = random() % 2'000,
                                   .rates = {.input = Rate::of_femtodollars(random() % 20'000'000'000)}});
        const Extent whole{
            .input_tokens = random() % 3'000, .output_tokens = 1U << 20U, .choices = 1 + random() % 3};
        Allowance allowance(price, whole, rate, {.tokens = 1 + random() % 5'000});
        const Money held = Money::of_micros(static_cast<std::int64_t>(random() % 10'000'000));
        allowance.set_held(held);
        const std::uint64_t output = random() % 20'000;
        if (!allowance.covers(output)) continue;
        const Usage usage{.input = whole.input_tokens, .output = output};
        const auto charged = cost(price, usage, rate);
        ASSERT_TRUE(charged);
        const bool covers_nothing = !bound(price, {.input_tokens = whole.input_tokens}, rate) ||
                                    *bound(price, {.input_tokens = whole.input_tokens}, rate) > held;
        if (!covers_nothing) EXPECT_LE(*charged, held) << round;
    }
}

TEST(Allowance, OfAWholeReservationIsWhatWasForwarded) {
    const Allowance allowance = Allowance::fixed(100);
    EXPECT_FALSE(allowance.is_sliced());
    EXPECT_FALSE(allowance.is_running_out(100));
    EXPECT_TRUE(allowance.is_running_out(101));
    EXPECT_FALSE(Allowance().is_running_out(UINT64_MAX));
}

} // namespace tollgate::domain
