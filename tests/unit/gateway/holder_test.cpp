#include "gateway/holder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tollgate::gateway {
namespace {

using nlohmann::json;

domain::Catalogue catalogue() {
    return {{{"fast", "openai", 0}, {"openai/gpt-4o", "openai", 17}, {"acme/large", "acme", 0}}};
}

domain::Router router() {
    domain::RoutingRules rules;
    rules.providers = {"acme", "openai"};
    rules.aliases = {{"fast", "openai/gpt-4o-mini"}};
    return domain::Router(std::move(rules));
}

domain::Policy allowing(std::vector<std::string> models) {
    domain::Policy policy;
    policy.models = std::move(models);
    return policy;
}

std::vector<std::string> listed(const domain::Policy& policy) {
    const json body = json::parse(model_list_body(catalogue(), policy));
    EXPECT_EQ(body.at("object"), "list");
    std::vector<std::string> ids;
    for (const json& model : body.at("data")) {
        EXPECT_EQ(model.at("object"), "model");
        EXPECT_TRUE(model.at("created").is_number_integer());
        EXPECT_TRUE(model.at("owned_by").is_string());
        ids.push_back(model.at("id"));
    }
    return ids;
}

TEST(Holder, SeesTheModelsThatItsKeyMayUse) {
    EXPECT_EQ(listed({}), (std::vector<std::string>{"fast", "openai/gpt-4o", "acme/large"}));
    EXPECT_EQ(listed(allowing({"acme/*"})), std::vector<std::string>{"acme/large"});
    EXPECT_EQ(listed(allowing({"nothing"})), std::vector<std::string>{});
}

TEST(Holder, FindsAModelOfTheCatalogueAndAnyThatAProviderWouldBeAskedFor) {
    for (const auto& [id, provider] :
         std::vector<std::pair<std::string, std::string>>{{"fast", "openai"},
                                                          {"openai/gpt-4o", "openai"},
                                                          {"gpt-5-of-tomorrow", "openai"},
                                                          {"acme/any", "acme"}}) {
        const auto body = model_body(router(), {}, id);
        ASSERT_TRUE(body) << id;
        EXPECT_EQ(json::parse(*body).at("id"), id);
        EXPECT_EQ(json::parse(*body).at("owned_by"), provider);
    }
}

TEST(Holder, IsRefusedAModelThatIsUnknownOrNotAllowed) {
    const auto unknown = model_body(router(), {}, "house-model");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, base::ErrorCode::unknown_model);
    EXPECT_EQ(unknown.error().param, "model");
    const auto forbidden = model_body(router(), allowing({"acme/*"}), "openai/gpt-4o");
    ASSERT_FALSE(forbidden);
    EXPECT_EQ(forbidden.error().code, base::ErrorCode::model_not_allowed);
}

domain::ApiKey key() {
    domain::ApiKey key;
    key.id = base::KeyId("key_0123456789abcdef");
    key.name = "lap\"top";
    key.prefix = "sk-1234";
    return key;
}

TEST(Holder, ReadsItsLimitsAndSpend) {
    ports::KeySpend spend;
    spend.total = base::Money::of_micros(12'345'678);
    spend.day = base::Money::of_micros(1);
    spend.month = base::Money::of_micros(3'000'000);
    domain::ApiKey limited = key();
    limited.policy.rate_limit = 77;
    limited.policy.token_limit = 5000;
    limited.policy.budget = base::Money::of_micros(10'000'000);
    limited.policy.budget_period = domain::BudgetPeriod::monthly;
    const json data = json::parse(key_body(limited, spend, "INR")).at("data");
    EXPECT_EQ(data.at("label"), "lap\"top");
    EXPECT_EQ(data.at("currency"), "INR");
    EXPECT_EQ(data.at("usage").dump(), "12.345678");
    EXPECT_EQ(data.at("limit"), 10);
    EXPECT_EQ(data.at("limit_remaining"), 7);
    EXPECT_EQ(data.at("limit_reset"), "monthly");
    EXPECT_EQ(data.at("token_limit"), 5000);
    EXPECT_EQ(data.at("rate_limit").at("requests"), 77);
}

TEST(Holder, ReadsNullWhereThereIsNoLimit) {
    const json data = json::parse(key_body(key(), {}, "INR")).at("data");
    for (const std::string name : {"limit", "limit_remaining", "limit_reset", "expires_at", "token_limit"})
        EXPECT_TRUE(data.at(name).is_null()) << name;
}

TEST(Holder, HasNeverLessThanNothingLeft) {
    domain::ApiKey limited = key();
    limited.policy.budget = base::Money::of_micros(1'000'000);
    ports::KeySpend spend;
    spend.total = base::Money::of_micros(2'000'000);
    EXPECT_EQ(json::parse(key_body(limited, spend, "INR")).at("data").at("limit_remaining"), 0);
}

} // namespace
} // namespace tollgate::gateway
