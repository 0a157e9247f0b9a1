#include "gateway/holder.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace tollgate::gateway {

namespace {

using nlohmann::json;

json model_entry(std::string_view id, std::string_view provider, std::int64_t created) {
    return {{"id", id}, {"object", "model"}, {"created", created}, {"owned_by", provider}};
}

/// An amount as a JSON number; what nlohmann prints of it is the decimal that went in.
json number(base::Money money) {
    return json::parse(to_string(money));
}

base::Money spent_in_period(domain::BudgetPeriod period, const ports::KeySpend& spend) {
    switch (period) {
    case domain::BudgetPeriod::daily: return spend.day;
    case domain::BudgetPeriod::weekly: return spend.week;
    case domain::BudgetPeriod::monthly: return spend.month;
    case domain::BudgetPeriod::none: break;
    }
    return spend.total;
}

std::string dump(const json& body) {
    return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace

std::string model_list_body(const domain::Catalogue& catalogue, const domain::Policy& policy) {
    json data = json::array();
    for (const domain::CatalogueModel& model : catalogue.models) {
        if (domain::is_model_allowed(policy, model.id))
            data.push_back(model_entry(model.id, model.provider, model.created));
    }
    return dump({{"object", "list"}, {"data", std::move(data)}});
}

base::Result<std::string> model_body(const domain::Router& router, const domain::Policy& policy,
                                     std::string_view id) {
    const auto route = router.route(id);
    if (!route)
        return base::reject(base::ErrorCode::unknown_model,
                            "there is no model '" + std::string(id) +
                                "' here; GET /v1/models lists what this key may use",
                            "model");
    if (!domain::is_model_allowed(policy, id))
        return base::reject(base::ErrorCode::model_not_allowed,
                            "this key may not use the model '" + std::string(id) + "'", "model");
    const domain::Target& target = route->targets.front();
    return dump(model_entry(id, router.rules().providers[target.provider], 0));
}

std::string key_body(const domain::ApiKey& key, const ports::KeySpend& spend, std::string_view currency) {
    const domain::Policy& policy = key.policy;
    const base::Money used = spent_in_period(policy.budget_period, spend);
    json data = {
        {"label", key.name},
        {"id", key.id.text()},
        {"currency", currency},
        {"usage", number(spend.total)},
        {"usage_daily", number(spend.day)},
        {"usage_weekly", number(spend.week)},
        {"usage_monthly", number(spend.month)},
        {"limit", policy.budget ? number(*policy.budget) : json()},
        {"limit_remaining", policy.budget ? number(std::max(*policy.budget - used, base::Money())) : json()},
        {"limit_reset", json()},
        {"expires_at", json()},
        {"is_free_tier", false},
        {"rate_limit", {{"requests", policy.rate_limit}, {"interval", "60s"}}},
        {"token_limit", policy.token_limit ? json(*policy.token_limit) : json()},
        {"models", policy.models}};
    if (policy.budget_period != domain::BudgetPeriod::none)
        data["limit_reset"] = domain::to_string(policy.budget_period);
    if (key.expires_at) data["expires_at"] = base::to_rfc3339(*key.expires_at);
    return dump({{"data", std::move(data)}});
}

std::string credits_body(const ports::Wallet& wallet, std::string_view currency) {
    json data = {{"currency", currency},
                 {"total_credits", number(wallet.cap)},
                 {"total_usage", number(wallet.spent)},
                 {"balance", number(wallet.balance)},
                 {"expired", number(wallet.expired)}};
    if (currency == "INR") data["credits_inr"] = number(wallet.balance);
    return dump({{"data", std::move(data)}});
}

} // namespace tollgate::gateway
