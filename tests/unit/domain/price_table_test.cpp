#include "tollgate/domain/price.hpp"

#include "unit/domain/price_samples.hpp"

#include <gtest/gtest.h>

#include <vector>

// Expected figures were computed apart from this code with exact fractions (Python's fractions module); the
// line above each row is the computation, with its value before rounding.
namespace tollgate::domain {

namespace {

using namespace samples;

struct Row {
    const char* name;
    ModelPrice price;
    Usage usage;
    Terms terms;
    std::int64_t micros;
};

const std::vector<Row>& rows() {
    static const std::vector<Row> table{
        // (1000 x 2.5e-06 + 500 x 1e-05) x 88.00 x (1 + 0.05) x (1 + 0.05) = 727650 micro
        {"plain input and output", gpt_4o(), {.input = 1000, .output = 500}, inr(), 727650},
        // (400000 x 2.5e-06) x 1 x (1 + 0) x (1 + 0) = 1000000 micro
        {"one dollar of input", gpt_4o(), {.input = 400000}, plain(), 1000000},
        // (400000 x 2.5e-06) x 88.00 x (1 + 0.05) x (1 + 0.05) = 97020000 micro
        {"one dollar of input in rupees", gpt_4o(), {.input = 400000}, inr(), 97020000},
        // (200 x 2.5e-06 + 1800 x 1.25e-06 + 50 x 1e-05) x 88.00 x (1 + 0.05) x (1 + 0.05) = 315315 micro
        {"cached input is cheaper",
         gpt_4o(),
         {.input = 200, .cached_input = 1800, .output = 50},
         inr(),
         315315},
        // (1024 x 7.5e-08 + 1 x 6e-07) x 88.00 x (1 + 0.05) x (1 + 0.05) = 7509.348 micro
        {"all input cached", gpt_4o_mini(), {.cached_input = 1024, .output = 1}, inr(), 7509},
        // (1 x 1.5e-07) x 88.00 x (1 + 0.05) x (1 + 0.05) = 14.553 micro
        {"one token of input", gpt_4o_mini(), {.input = 1}, inr(), 15},
        // (1 x 6e-07) x 88.00 x (1 + 0.05) x (1 + 0.05) = 58.212 micro
        {"one token of output", gpt_4o_mini(), {.output = 1}, inr(), 58},
        // (0) x 88.00 x (1 + 0.05) x (1 + 0.05) = 0 micro
        {"nothing used", gpt_4o_mini(), {}, inr(), 0},
        // (1000000 x 1.5e-07) x 80 x (1 + 0.05) x (1 + 0.05) = 13230000 micro
        {"published rupee price of a million in", gpt_4o_mini(), {.input = 1000000}, inr_80(), 13230000},
        // (1000000 x 6e-07) x 80 x (1 + 0.05) x (1 + 0.05) = 52920000 micro
        {"published rupee price of a million out", gpt_4o_mini(), {.output = 1000000}, inr_80(), 52920000},
        // (12 x 2.5e-06 + 30 x 1e-05 + 800 x 4e-05 + 1200 x 8e-05) x 88.00 x (1 + 0.05) x (1 + 0.05) =
        // 12450576.6 micro
        {"audio both ways",
         gpt_4o_audio(),
         {.input = 12, .output = 30, .audio_input = 800, .audio_output = 1200},
         inr(),
         12450577},
        // (75 x 2e-06 + 1186 x 8e-06) x 88.00 x (1 + 0.05) x (1 + 0.05) = 935078.76 micro
        {"reasoning is part of the output",
         o3(),
         {.input = 75, .output = 1186, .reasoning = 1024},
         inr(),
         935079},
        // (21 x 3e-06 + 188086 x 3.75e-06 + 393 x 1.5e-05) x 88.00 x (1 + 0.05) x (1 + 0.05) = 69008434.11
        // micro
        {"cache write of Anthropic",
         claude_sonnet(),
         {.input = 21, .cache_write = 188086, .output = 393},
         inr(),
         69008434},
        // (21 x 3e-06 + 188086 x 3e-07 + 393 x 1.5e-05) x 88.00 x (1 + 0.05) x (1 + 0.05) = 6052476.276 micro
        {"cache read of Anthropic",
         claude_sonnet(),
         {.input = 21, .cached_input = 188086, .output = 393},
         inr(),
         6052476},
        // (200000 x 3e-06 + 1000 x 1.5e-05) x 88.00 x (1 + 0.05) x (1 + 0.05) = 59667300 micro
        {"at the threshold the base prices hold",
         claude_sonnet(),
         {.input = 200000, .output = 1000},
         inr(),
         59667300},
        // (200001 x 6e-06 + 1000 x 2.25e-05) x 88.00 x (1 + 0.05) x (1 + 0.05) = 118607532.12 micro
        {"one token above it the whole request is dearer",
         claude_sonnet(),
         {.input = 200001, .output = 1000},
         inr(),
         118607532},
        // (1 x 6e-06 + 150000 x 6e-07 + 50000 x 7.5e-06 + 10 x 2.25e-05) x 88.00 x (1 + 0.05) x (1 + 0.05) =
        // 45136711.62 micro
        {"cached tokens and cache writes count for the threshold",
         claude_sonnet(),
         {.input = 1, .cached_input = 150000, .cache_write = 50000, .output = 10},
         inr(),
         45136712},
        // (199999 x 3e-06 + 64000 x 1.5e-05) x 88.00 x (1 + 0.05) x (1 + 0.05) = 151350908.94 micro
        {"output does not count for the threshold",
         claude_sonnet(),
         {.input = 199999, .output = 64000},
         inr(),
         151350909},
        // (150000 x 2.5e-06 + 100000 x 1.25e-07 + 2000 x 1.5e-05) x 88.00 x (1 + 0.05) x (1 + 0.05) =
        // 40505850 micro
        {"a tier without a cached price keeps that of the base",
         gemini_pro(),
         {.input = 150000, .cached_input = 100000, .output = 2000},
         inr(),
         40505850},
        // (32 x 3e-07 + 57 x 2.5e-06) x 88.00 x (1 + 0.05) x (1 + 0.05) = 14756.742 micro
        {"thinking of Gemini is output",
         gemini_flash(),
         {.input = 32, .output = 57, .reasoning = 47},
         inr(),
         14757},
        // (100 x 3e-07 + 40 x 2.5e-06 + 3200 x 1e-06) x 88.00 x (1 + 0.05) x (1 + 0.05) = 323076.6 micro
        {"audio input of Gemini",
         gemini_flash(),
         {.input = 100, .output = 40, .audio_input = 3200},
         inr(),
         323077},
        // (300 x 2.8e-07 + 9700 x 2.8e-08 + 2500 x 4.2e-07) x 88.00 x (1 + 0.05) x (1 + 0.05) = 136371.312
        // micro
        {"cache hits of DeepSeek",
         deepseek(),
         {.input = 300, .cached_input = 9700, .output = 2500},
         inr(),
         136371},
        // (500 x 4e-07 + 500 x 4e-07 + 100 x 2e-06) x 88.00 x (1 + 0.05) x (1 + 0.05) = 58212 micro
        {"cached input without a price costs what input costs",
         mistral(),
         {.input = 500, .cached_input = 500, .output = 100},
         inr(),
         58212},
        // (1000 x 4e-07) x 88.00 x (1 + 0.05) x (1 + 0.05) = 38808 micro
        {"cache write without a price costs what input costs",
         mistral(),
         {.cache_write = 1000},
         inr(),
         38808},
        // (8191 x 2e-08) x 88.00 x (1 + 0.05) x (1 + 0.05) = 15893.8164 micro
        {"embeddings", embedding_small(), {.input = 8191}, inr(), 15894},
        // (1 x 2e-08) x 88.00 x (1 + 0.05) x (1 + 0.05) = 1.9404 micro
        {"an embedding of one token", embedding_small(), {.input = 1}, inr(), 2},
        // (24 x 2e-08) x 1 x (1 + 0) x (1 + 0) = 0.48 micro
        {"embeddings that round to nothing", embedding_small(), {.input = 24}, plain(), 0},
        // (25 x 2e-08) x 1 x (1 + 0) x (1 + 0) = 0.5 micro
        {"embeddings that round to one micro-unit", embedding_small(), {.input = 25}, plain(), 1},
        // (100 x 2e-08 + 100 x 2e-08) x 1 x (1 + 0) x (1 + 0) = 4 micro
        {"output of a model without an output price costs what input costs",
         embedding_small(),
         {.input = 100, .output = 100},
         plain(),
         4},
        // (100 x 1e-06 + 100 x 1e-06 + 1 x 0.005) x 88.00 x (1 + 0.05) x (1 + 0.05) = 504504 micro
        {"a fee for the request", per_request(), {.input = 100, .output = 100}, inr(), 504504},
        // (1 x 0.005) x 1 x (1 + 0) x (1 + 0) = 5000 micro
        {"a fee for the request alone", per_request(), {}, plain(), 5000},
        // (0) x 1 x (1 + 0) x (1 + 0) = 0 micro
        {"no request, no fee", per_request(), {.requests = 0}, plain(), 0},
        // (3 x 0.04) x 88.00 x (1 + 0.05) x (1 + 0.05) = 11642400 micro
        {"images", dall_e(), {.images = 3}, inr(), 11642400},
        // (1 x 5e-07) x 1 x (1 + 0) x (1 + 0) = 0.5 micro
        {"a half rounds up from zero", half_micro(), {.input = 1}, plain(), 1},
        // (1 x 5e-07 + 1 x 5e-07) x 1 x (1 + 0) x (1 + 0) = 1 micro
        {"two halves are one", half_micro(), {.input = 1, .output = 1}, plain(), 1},
        // (3 x 5e-07) x 1 x (1 + 0) x (1 + 0) = 1.5 micro
        {"one and a half rounds up", half_micro(), {.input = 3}, plain(), 2},
        // (1 x 5e-07 + 1 x 5e-07 + 1 x 5e-07) x 1 x (1 + 0) x (1 + 0) = 1.5 micro
        {"rounded once and not by kind",
         half_micro(),
         {.input = 1, .cached_input = 1, .output = 1},
         plain(),
         2},
        // (499999999 x 1e-15) x 1 x (1 + 0) x (1 + 0) = 0.499999999 micro
        {"just below a half", finest(), {.input = 499999999}, plain(), 0},
        // (500000000 x 1e-15) x 1 x (1 + 0) x (1 + 0) = 0.5 micro
        {"exactly a half", finest(), {.input = 500000000}, plain(), 1},
        // (1499999999 x 1e-15) x 1 x (1 + 0) x (1 + 0) = 1.499999999 micro
        {"just above a half", finest(), {.input = 1499999999}, plain(), 1},
        // (1234 x 2.5e-06 + 5678 x 1.25e-06 + 910 x 1e-05) x 88.4537 x (1 + 0.05) x (1 + 0.05) =
        // 1880433.338450625 micro
        {"a rate with four decimals",
         gpt_4o(),
         {.input = 1234, .cached_input = 5678, .output = 910},
         inr_exact_rate(),
         1880433},
        // (1000 x 2.5e-06 + 500 x 1e-05) x 88 x (1 + 0.05) x (1 + 0) = 693000 micro
        {"no markup", gpt_4o(), {.input = 1000, .output = 500}, inr_no_markup(), 693000},
        // (333 x 3e-06 + 77 x 3e-07 + 1111 x 3.75e-06 + 999 x 1.5e-05) x 83.123456 x (1 + 0.0375) x (1 +
        // 0.0625) = 1848496.61235837 micro
        {"odd rate, buffer and markup",
         claude_sonnet(),
         {.input = 333, .cached_input = 77, .cache_write = 1111, .output = 999},
         inr_odd(),
         1848497},
        // (1000000 x 6e-06 + 1000000 x 2.25e-05) x 83.123456 x (1 + 0.0375) x (1 + 0.0625) = 2611472732.7
        // micro
        {"a million each at odd terms",
         claude_sonnet(),
         {.input = 1000000, .output = 1000000},
         inr_odd(),
         2611472733},
        // (128001 x 3e-06 + 100 x 2e-06) x 88.00 x (1 + 0.05) x (1 + 0.05) = 37275375.06 micro
        {"second tier names only input", three_tiers(), {.input = 128001, .output = 100}, inr(), 37275375},
        // (256001 x 1e-06 + 100 x 9e-06) x 88.00 x (1 + 0.05) x (1 + 0.05) = 24924535.02 micro
        {"third tier names only output", three_tiers(), {.input = 256001, .output = 100}, inr(), 24924535},
        // (32001 x 2e-06 + 100 x 4e-06) x 88.00 x (1 + 0.05) x (1 + 0.05) = 6248282.04 micro
        {"first tier", three_tiers(), {.input = 32001, .output = 100}, inr(), 6248282},
        // (1099511627776 x 2.5e-06 + 1099511627776 x 1e-05) x 88.00 x (1 + 0.05) x (1 + 0.05) =
        // 1333432726585344 micro
        {"a trillion tokens",
         gpt_4o(),
         {.input = 1099511627776, .output = 1099511627776},
         inr(),
         1333432726585344},
        // (1099511627776 x 6e-06 + 1099511627776 x 2.25e-05) x 83.123456 x (1 + 0.0375) x (1 + 0.0625) =
        // 2871344635223615.9434752 micro
        {"a trillion tokens at odd terms",
         claude_sonnet(),
         {.input = 1099511627776, .output = 1099511627776},
         inr_odd(),
         2871344635223616},
    };
    return table;
}

} // namespace

TEST(PriceTable, ChargesEveryRowToTheMicroUnit) {
    for (const auto& row : rows()) {
        SCOPED_TRACE(row.name);
        const auto charged = cost(row.price, row.usage, row.terms);
        ASSERT_TRUE(charged.has_value());
        EXPECT_EQ(charged->micros(), row.micros);
    }
}

TEST(PriceTable, HoldsEnoughRows) {
    EXPECT_GE(rows().size(), 30U);
}

} // namespace tollgate::domain
