#include "tollgate/config/price_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace tollgate::config {

namespace {

using domain::ModelPrice;
using domain::Rate;

PriceList read(std::string_view list, std::string_view overrides = "{}") {
    auto prices = read_prices(list, overrides);
    EXPECT_TRUE(prices.has_value()) << (prices ? "" : prices.error().message);
    return prices ? std::move(*prices) : PriceList();
}

/// The price of the only model `m` of openai.
ModelPrice read_one(const std::string& fields) {
    const auto list = read(R"({"m":{"litellm_provider":"openai",)" + fields + "}}");
    const auto* found = list.book.find("openai", "m");
    EXPECT_NE(found, nullptr);
    return found == nullptr ? ModelPrice() : *found;
}

Rate rate(std::string_view text) {
    return Rate::parse(text).value();
}

std::string reason_of(const std::string& fields) {
    const auto list = read(R"({"m":{"litellm_provider":"openai",)" + fields + "}}");
    EXPECT_EQ(list.priced, 0U);
    return list.unpriced.empty() ? "" : list.unpriced.front().text;
}

std::string fault_of(const std::string& fields) {
    const auto list = read(R"({"m":{"litellm_provider":"openai",)" + fields + "}}");
    EXPECT_FALSE(list.book.find("openai", "m")->is_priced());
    return list.faults.empty() ? "" : list.faults.front().text;
}

constexpr const char* two_prices = R"("input_cost_per_token":1e-06,"output_cost_per_token":2e-06)";

} // namespace

TEST(PriceFile, ReadsEveryKindOfPriceAsItIsWritten) {
    const auto price =
        read_one(R"("mode":"chat","input_cost_per_token":2.5e-06,"output_cost_per_token":0.00001,)"
                 R"("cache_read_input_token_cost":1.25E-6,"cache_creation_input_token_cost":"3.125e-06",)"
                 R"("input_cost_per_audio_token":4e-05,"output_cost_per_audio_token":8e-05,)"
                 R"("input_cost_per_request":0.005,)"
                 R"("max_input_tokens":128000,"max_output_tokens":"16384")");
    EXPECT_EQ(price.base.input, rate("0.0000025"));
    EXPECT_EQ(price.base.output, rate("0.00001"));
    EXPECT_EQ(price.base.cached_input, rate("0.00000125"));
    EXPECT_EQ(price.base.cache_write, rate("0.000003125"));
    EXPECT_EQ(price.base.audio_input, rate("0.00004"));
    EXPECT_EQ(price.base.audio_output, rate("0.00008"));
    EXPECT_EQ(price.base.request, rate("0.005"));
    EXPECT_EQ(price.base.image, std::nullopt);
    EXPECT_EQ(price.max_input_tokens, 128'000U);
    EXPECT_EQ(price.max_output_tokens, 16'384U);
    EXPECT_EQ(price.mode, "chat");
}

TEST(PriceFile, ReadsNumbersWithoutADetourOverBinaryFractions) {
    // 0.1 + 0.2 in doubles would be 0.30000000000000004.
    const auto price =
        read_one(R"("input_cost_per_token":3.00000000000001e-01,"output_cost_per_token":1e-15)");
    EXPECT_EQ(price.base.input->femtodollars(), 300'000'000'000'001U);
    EXPECT_EQ(price.base.output->femtodollars(), 1U);
}

TEST(PriceFile, ReadsTiersByAnySuffixInAscendingOrder) {
    const auto price = read_one(std::string(two_prices) +
                                R"(,"input_cost_per_token_above_272k_tokens":4e-06,)"
                                R"("input_cost_per_token_above_128k_tokens":2e-06,)"
                                R"("output_cost_per_token_above_128k_tokens":"3e-06",)"
                                R"("cache_read_input_token_cost_above_128k_tokens":1e-07,)"
                                R"("input_cost_per_token_above_500_tokens":1.5e-06,)"
                                R"("input_cost_per_token_above_128k_tokens_priority":9e-06,)"
                                R"("cache_creation_input_token_cost_above_1hr":9e-06,)"
                                R"("cache_creation_input_token_cost_above_1hr_above_128k_tokens":9e-06)");
    ASSERT_EQ(price.tiers.size(), 3U);
    EXPECT_EQ(price.tiers[0].above, 500U);
    EXPECT_EQ(price.tiers[1].above, 128'000U);
    EXPECT_EQ(price.tiers[1].rates.input, rate("2e-06"));
    EXPECT_EQ(price.tiers[1].rates.output, rate("3e-06"));
    EXPECT_EQ(price.tiers[1].rates.cached_input, rate("1e-07"));
    EXPECT_EQ(price.tiers[1].rates.cache_write, std::nullopt);
    EXPECT_EQ(price.tiers[2].above, 272'000U);
    EXPECT_EQ(price.base.cache_write, std::nullopt);
}

TEST(PriceFile, CountsXaisThresholdIn) {
    const auto list = read(R"({"xai/grok":{"litellm_provider":"xai",)" + std::string(two_prices) +
                           R"(,"input_cost_per_token_above_128k_tokens":2e-06}})");
    const auto* price = list.book.find("xai", "grok");
    ASSERT_NE(price, nullptr);
    EXPECT_EQ(domain::rates_for(*price, 127'999).input, rate("1e-06"));
    EXPECT_EQ(domain::rates_for(*price, 128'000).input, rate("2e-06"));
}

TEST(PriceFile, LeavesOutTheSampleAndServiceTiers) {
    const auto list = read(
        R"({"sample_spec":{"input_cost_per_token":0,"max_tokens":"LEGACY","effective_date":"2026-11-23"},)"
        R"("m":{"litellm_provider":"openai","input_cost_per_token_batches":5e-07,)"
        R"("input_cost_per_token_flex":5e-07,)" +
        std::string(two_prices) + "}}");
    EXPECT_EQ(list.models, 1U);
    EXPECT_EQ(list.priced, 1U);
    EXPECT_EQ(list.book.find("openai", "sample_spec"), nullptr);
    EXPECT_EQ(list.book.find("openai", "m")->base.input, rate("1e-06"));
    EXPECT_TRUE(list.book.version().starts_with("2026-11-23+"));
    EXPECT_EQ(list.book.version().size(), 23U);
}

TEST(PriceFile, TakesTheLegacyLimitWhereThereIsNoOther) {
    EXPECT_EQ(read_one(std::string(two_prices) + R"(,"max_tokens":4096)").max_output_tokens, 4096U);
    EXPECT_EQ(
        read_one(std::string(two_prices) + R"(,"max_tokens":9,"max_output_tokens":7)").max_output_tokens, 7U);
    for (const char* nonsense : {"0", "-1", "1.5", "\"many\"", "null", "[1]", "1e40"}) {
        EXPECT_EQ(read_one(std::string(two_prices) + R"(,"max_output_tokens":)" + nonsense).max_output_tokens,
                  std::nullopt)
            << nonsense;
    }
}

TEST(PriceFile, PricesPicturesAsTokensOrOneByOneButNotBoth) {
    EXPECT_EQ(read_one(R"("mode":"image_generation","output_cost_per_image":0.04)").base.image, rate("0.04"));
    EXPECT_EQ(read_one(R"("mode":"image_generation","input_cost_per_image":0.02)").base.image, rate("0.02"));
    const auto both = read_one(R"("mode":"image_generation","output_cost_per_image":0.04,)" +
                               std::string(two_prices) + R"(,"output_cost_per_image_token":3e-05)");
    EXPECT_EQ(both.base.image, std::nullopt);
    EXPECT_EQ(both.base.output, rate("3e-05"));
    EXPECT_EQ(read_one(R"("output_cost_per_image":0.04,)" + std::string(two_prices)).base.image,
              std::nullopt);
}

TEST(PriceFile, KnowsZeroAndMissingPricesFromFreeOnes) {
    EXPECT_NE(reason_of(R"("input_cost_per_token":0,"output_cost_per_token":0.0)").find("zero"),
              std::string::npos);
    EXPECT_NE(reason_of(R"("mode":"chat")").find("no price"), std::string::npos);
    EXPECT_NE(reason_of(R"("input_cost_per_token":null)").find("no price"), std::string::npos);
    EXPECT_NE(reason_of(R"("input_cost_per_token":1e-06)").find("no output price"), std::string::npos);
    EXPECT_EQ(read_one(R"("mode":"embedding","input_cost_per_token":1e-06)").base.input, rate("1e-06"));
    EXPECT_TRUE(read_one(R"("input_cost_per_request":0.01)").is_priced());
    EXPECT_TRUE(read_one(R"("input_cost_per_token":1e-06,"output_cost_per_token":0)").is_priced());
}

TEST(PriceFile, NamesTheUnitThatIsNotMetered) {
    EXPECT_NE(reason_of(R"("mode":"audio_transcription","input_cost_per_second":0.0001)")
                  .find("input_cost_per_second"),
              std::string::npos);
    EXPECT_NE(reason_of(R"("mode":"audio_speech","input_cost_per_character":1.5e-05)").find("per_character"),
              std::string::npos);
    EXPECT_NE(reason_of(R"("mode":"chat","tiered_pricing":[{"range":[0,1]}])").find("tiered_pricing"),
              std::string::npos);
    EXPECT_NE(reason_of(R"("mode":"chat","input_cost_per_second":0.0)").find("no price"), std::string::npos);
}

TEST(PriceFile, GivesNoPriceToAModelWithAFault) {
    for (const char* bad : {"-1e-06", "\"free\"", "1e-16", "1e9", "true", "{}", "[1e-06]"}) {
        EXPECT_NE(fault_of(R"("output_cost_per_token":1e-06,"input_cost_per_token":)" + std::string(bad))
                      .find("input_cost_per_token"),
                  std::string::npos)
            << bad;
    }
}

TEST(PriceFile, DoesNotLetOneBadEntrySpoilTheOthers) {
    const auto list =
        read(R"({"bad":{"litellm_provider":"openai","input_cost_per_token":-1},"odd":7,"list":[{"a":1}],)"
             R"("m":{"litellm_provider":"openai",)" +
             std::string(two_prices) + "}}");
    EXPECT_TRUE(list.book.find("openai", "m")->is_priced());
    EXPECT_EQ(list.models, 2U);
    EXPECT_EQ(list.priced, 1U);
    ASSERT_EQ(list.faults.size(), 3U);
    EXPECT_EQ(list.faults[0].key, "odd");
    EXPECT_EQ(list.faults[1].key, "list");
    EXPECT_EQ(list.faults[2].key, "bad");
}

TEST(PriceFile, TakesTheLastOfTwoEntriesAndSaysSo) {
    const auto list = read(R"({"m":{"litellm_provider":"openai","input_cost_per_token":9e-06},)"
                           R"("m":{"litellm_provider":"openai",)" +
                           std::string(two_prices) + "}}");
    EXPECT_EQ(list.book.find("openai", "m")->base.input, rate("1e-06"));
    EXPECT_EQ(list.models, 1U);
    EXPECT_EQ(list.faults.size(), 1U);
}

TEST(PriceFile, RefusesWhatIsNoObject) {
    for (const char* text :
         {"", "7", "[]", "null", "{", R"({"a":{)", R"({"a":1}x)", R"({"a":1e999})", "{\"\xff\":1}"}) {
        const auto list = read_prices(text, "{}");
        ASSERT_FALSE(list.has_value()) << text;
        EXPECT_EQ(list.error().code, base::ErrorCode::invalid_configuration);
        EXPECT_FALSE(read_prices("{}", text).has_value()) << text;
    }
    EXPECT_FALSE(load_prices("config/no-such-file.json", "{}").has_value());
    EXPECT_EQ(read("{}").models, 0U);
}

TEST(PriceFile, FindsAModelUnderOurNameOfItsProvider) {
    const struct {
        const char* key;
        const char* litellm_provider;
        const char* provider;
        const char* model;
    } rows[] = {
        {"gpt-4o", "openai", "openai", "gpt-4o"},
        {"openai/gpt-4o", "openai", "openai", "gpt-4o"},
        {"gemini/gemini-2.5-pro", "gemini", "google", "gemini-2.5-pro"},
        {"gemini-2.5-pro", "vertex_ai-language-models", "google", "gemini-2.5-pro"},
        {"vertex_ai/gemini-2.5-pro", "vertex_ai-language-models", "google", "gemini-2.5-pro"},
        {"google/gemini-2.5-pro", "gemini", "google", "gemini-2.5-pro"},
        {"gpt-3.5-turbo-instruct", "text-completion-openai", "openai", "gpt-3.5-turbo-instruct"},
        {"codestral/codestral-latest", "codestral", "mistral", "codestral-latest"},
        {"xai/grok-4", "xai", "xai", "grok-4"},
        {"openrouter/anthropic/claude-sonnet-5", "openrouter", "openrouter", "anthropic/claude-sonnet-5"},
        {"1024-x-1024/dall-e-3", "openai", "openai", "1024-x-1024/dall-e-3"},
        {"azure/eu/gpt-4o", "azure", "azure", "eu/gpt-4o"},
    };
    for (const auto& row : rows) {
        const auto list = read("{\"" + std::string(row.key) + R"(":{"litellm_provider":")" +
                               row.litellm_provider + "\"," + two_prices + "}}");
        EXPECT_NE(list.book.find(row.provider, row.model), nullptr) << row.key;
    }
}

TEST(PriceFile, PrefersTheProvidersOwnListToAResellers) {
    const auto entry = [](const char* key, const char* provider, const char* input) {
        return "\"" + std::string(key) + R"(":{"litellm_provider":")" + provider +
               R"(","output_cost_per_token":1e-06,"input_cost_per_token":)" + input + "}";
    };
    const std::string vertex = entry("gemini-2.5-pro", "vertex_ai-language-models", "3e-06");
    const std::string gemini = entry("gemini/gemini-2.5-pro", "gemini", "2e-06");
    const std::string google = entry("google/gemini-2.5-pro", "gemini", "1e-06");
    EXPECT_EQ(read("{" + vertex + "," + gemini + "}").book.find("google", "gemini-2.5-pro")->base.input,
              rate("2e-06"));
    EXPECT_EQ(read("{" + vertex + "," + gemini + "," + google + "}")
                  .book.find("google", "gemini-2.5-pro")
                  ->base.input,
              rate("1e-06"));
}

TEST(PriceOverrides, ReplaceSingleFieldsOfAnEntry) {
    const std::string text = R"({"gemini/g":{"litellm_provider":"gemini",)" + std::string(two_prices) + "}}";
    for (const char* key : {"g", "google/g", "gemini/g"}) {
        const auto list = read(text, "{\"" + std::string(key) + R"(":{"output_cost_per_token":"5e-06"}})");
        const auto* price = list.book.find("google", "g");
        ASSERT_NE(price, nullptr);
        EXPECT_EQ(price->base.input, rate("1e-06")) << key;
        EXPECT_EQ(price->base.output, rate("5e-06")) << key;
        EXPECT_TRUE(list.faults.empty()) << key;
        EXPECT_TRUE(list.unpriced.empty()) << key;
    }
}

TEST(PriceOverrides, OfABareNameHoldAtEveryProvider) {
    const auto list = read("{}", R"({"house":{)" + std::string(two_prices) + "}}");
    EXPECT_EQ(list.book.find("anyone", "house")->base.input, rate("1e-06"));
    EXPECT_EQ(list.book.find("openai", "house")->base.input, rate("1e-06"));
}

TEST(PriceOverrides, OfOneProviderLeaveTheOthersAlone) {
    const auto list = read("{}", R"({"mine/house":{)" + std::string(two_prices) + "}}");
    EXPECT_NE(list.book.find("mine", "house"), nullptr);
    EXPECT_EQ(list.book.find("other", "house"), nullptr);
    EXPECT_NE(list.book.find("pool", "mine/house"), nullptr); // the slash may belong to the model
}

TEST(PriceOverrides, MakeAModelFreeByAnExplicitZero) {
    const std::string text =
        R"({"m":{"litellm_provider":"openai","input_cost_per_token":0,"output_cost_per_token":0}})";
    EXPECT_FALSE(read(text).book.find("openai", "m")->is_priced());
    EXPECT_FALSE(read(text, R"({"m":{"max_output_tokens":5}})").book.find("openai", "m")->is_priced());
    const auto list = read(text, R"({"m":{"input_cost_per_token":0}})");
    EXPECT_TRUE(list.book.find("openai", "m")->is_free);
    EXPECT_TRUE(list.book.find("openai", "m")->is_priced());
    EXPECT_TRUE(list.unpriced.empty());
}

TEST(PriceOverrides, WithAnUnknownFieldAreAFaultAndChangeNothing) {
    const std::string text = R"({"m":{"litellm_provider":"openai",)" + std::string(two_prices) + "}}";
    const auto list = read(text, R"({"m":{"input_cost_per_tokn":1,"output_cost_per_token":9e-06}})");
    ASSERT_EQ(list.faults.size(), 1U);
    EXPECT_NE(list.faults[0].text.find("input_cost_per_tokn"), std::string::npos);
    EXPECT_EQ(list.book.find("openai", "m")->base.output, rate("2e-06"));
}

TEST(PriceOverrides, ChangeTheVersion) {
    const std::string text = R"({"m":{"litellm_provider":"openai",)" + std::string(two_prices) + "}}";
    EXPECT_EQ(read(text).book.version(), read(text, " { } ").book.version());
    EXPECT_NE(read(text).book.version(),
              read(text, R"({"m":{"output_cost_per_token":9e-06}})").book.version());
    EXPECT_EQ(read(text).book.version().size(), 12U);
}

TEST(ShippedPrices, LoadWithoutAFault) {
    const auto list = load_prices("config/prices.json", "{}");
    ASSERT_TRUE(list.has_value());
    for (const auto& fault : list->faults) ADD_FAILURE() << fault.key << ": " << fault.text;
    EXPECT_GE(list->priced, 150U);
    // whisper-1, tts-1, tts-1-hd: by second and by character
    EXPECT_EQ(list->models - list->priced, 3U);
    EXPECT_EQ(list->unpriced.size(), 3U);
    EXPECT_TRUE(list->book.version().starts_with("20"));
}

TEST(ShippedPrices, CoverEveryProviderWithPricesThatMakeSense) {
    const auto list = load_prices("config/prices.json", "{}");
    ASSERT_TRUE(list.has_value());
    for (const char* provider : {"openai", "anthropic", "google", "deepseek", "mistral", "xai"}) {
        const auto of_provider = [&](const auto& entry) { return entry.provider == provider; };
        EXPECT_GE(std::ranges::count_if(list->book.entries(), of_provider), 4) << provider;
    }
    for (const auto& entry : list->book.entries()) {
        const auto& base = entry.price.base;
        // A slip by a factor of a thousand shows here.
        if (base.input) EXPECT_LE(*base.input, rate("150e-06")) << entry.model;
        if (base.output) EXPECT_LE(*base.output, rate("600e-06")) << entry.model;
        if (base.cached_input && base.input) EXPECT_LT(*base.cached_input, *base.input) << entry.model;
        if (base.output && base.input) EXPECT_GE(*base.output, *base.input) << entry.model;
        for (const auto& tier : entry.price.tiers) EXPECT_GE(tier.rates.input, base.input) << entry.model;
    }
}

TEST(ShippedPrices, AreThePublishedOnes) {
    const auto list = load_prices("config/prices.json", "{}");
    ASSERT_TRUE(list.has_value());
    const auto* gpt = list->book.find("openai", "gpt-4o-mini");
    ASSERT_NE(gpt, nullptr);
    EXPECT_EQ(gpt->base.input, rate("0.15e-06"));
    EXPECT_EQ(gpt->base.output, rate("0.6e-06"));
    EXPECT_EQ(gpt->base.cached_input, rate("0.075e-06"));
    const auto* gemini = list->book.find("google", "gemini-2.5-pro");
    ASSERT_NE(gemini, nullptr);
    EXPECT_EQ(domain::rates_for(*gemini, 200'001).output, rate("15e-06"));
    EXPECT_EQ(domain::rates_for(*gemini, 200'000).output, rate("10e-06"));
    const auto* claude = list->book.find("anthropic", "claude-sonnet-4-5");
    ASSERT_NE(claude, nullptr);
    EXPECT_EQ(claude->base.cache_write, rate("3.75e-06"));
}

TEST(ReadPrices, TakesAModelForSilentOnlyIfTheListSaysThatItNeverReasons) {
    const auto never_reasons = [](const std::string& field) {
        const auto list = read_prices(R"({"m": {"litellm_provider": "openai", "input_cost_per_token": 1e-06,
            "output_cost_per_token": 1e-06)" +
                                          field + "}}",
                                      "{}");
        return list.value().book.find("openai", "m")->never_reasons;
    };
    EXPECT_TRUE(never_reasons(R"(, "supports_reasoning": false)"));
    EXPECT_FALSE(never_reasons(R"(, "supports_reasoning": true)"));
    EXPECT_FALSE(never_reasons(R"(, "supports_reasoning": null)"));
    EXPECT_FALSE(never_reasons(""));
}

} // namespace tollgate::config
