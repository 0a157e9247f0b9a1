#include "tollgate/dashboard/model_list.hpp"

#include "dashboard/json_reply.hpp"

#include <gtest/gtest.h>

namespace tollgate::dashboard {

namespace {

domain::ModelPrice price_of(std::string_view input, std::string_view output) {
    domain::ModelPrice price;
    price.base.input = domain::Rate::parse(input).value();
    price.base.output = domain::Rate::parse(output).value();
    price.max_input_tokens = 128'000;
    return price;
}

} // namespace

TEST(ModelList, ShowsWhatIsCharged) {
    domain::RoutingRules rules;
    rules.providers = {"openai"};
    rules.aliases["fast"] = "openai/gpt-4o-mini";
    const domain::Router router(rules);
    const domain::PriceBook book(
        {{.provider = "openai", .model = "gpt-4o-mini", .price = price_of("1.5e-07", "6e-07")},
         {.provider = "openai", .model = "unpriced"}},
        "v1");
    domain::Catalogue catalogue;
    catalogue.models = {{.id = "fast", .provider = "openai"},
                        {.id = "openai/gpt-4o-mini", .provider = "openai"},
                        {.id = "openai/unpriced", .provider = "openai"}};
    const auto terms =
        domain::Terms::of(base::Decimal::parse("80").value(), base::Decimal::parse("0.05").value(),
                          base::Decimal::parse("0.05").value())
            .value();
    const ModelList list = make_model_list({catalogue, book, router, terms, "INR"});
    ASSERT_EQ(list.models.size(), 3U);
    const Json alias = Json::parse(list.models[0].json);
    const Json model = Json::parse(list.models[1].json);
    EXPECT_EQ(model["input_cost_per_token"], "0.00000015");
    EXPECT_EQ(model["input_cost_per_1m"], "0.15");
    EXPECT_EQ(model["input_price_per_1m"], "13.23");
    EXPECT_EQ(model["output_price_per_1m"], "52.92");
    EXPECT_EQ(model["input_cost_per_token_inr"], "0.00001323");
    EXPECT_EQ(model["cached_input_price_per_1m"], "13.23")
        << "a cached token without a price of its own costs what input costs";
    EXPECT_EQ(model["context_length"], 128'000);
    EXPECT_EQ(model["short_name"], "gpt-4o-mini");
    EXPECT_EQ(alias["input_price_per_1m"], model["input_price_per_1m"]);
    const Json unpriced = Json::parse(list.models[2].json);
    EXPECT_TRUE(unpriced["input_price_per_1m"].is_null());
    EXPECT_TRUE(unpriced["prices"].empty());
}

TEST(ModelList, LeavesRupeesOutWhereTheBooksAreInAnotherCurrency) {
    const domain::Router router(domain::RoutingRules{.providers = {"openai"}});
    const domain::PriceBook book({{.provider = "openai", .model = "m", .price = price_of("1e-06", "1e-06")}},
                                 "v1");
    domain::Catalogue catalogue;
    catalogue.models = {{.id = "openai/m", .provider = "openai"}};
    const ModelList list = make_model_list({catalogue, book, router, domain::Terms(), "EUR"});
    const Json model = Json::parse(list.models[0].json);
    EXPECT_FALSE(model.contains("input_cost_per_token_inr"));
    EXPECT_EQ(model["currency"], "EUR");
}

} // namespace tollgate::dashboard
