#include "gateway/holder.hpp"

#include <nlohmann/json.hpp>

namespace tollgate::gateway {

namespace {

using nlohmann::json;

json model_entry(std::string_view id, std::string_view provider, std::int64_t created) {
    return {{"id", id}, {"object", "model"}, {"created", created}, {"owned_by", provider}};
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

std::string key_body(const domain::ApiKey& key, std::string_view currency) {
    const domain::Policy& policy = key.policy;
    json data = {{"label", key.name},
                 {"id", key.id.text()},
                 {"currency", currency},
                 {"limit", nullptr},
                 {"limit_reset", policy.budget_period == domain::BudgetPeriod::none
                                     ? json()
                                     : json(domain::to_string(policy.budget_period))},
                 {"expires_at", key.expires_at ? json(base::to_rfc3339(*key.expires_at)) : json()},
                 {"rate_limit", {{"requests", policy.rate_limit}, {"interval", "60s"}}},
                 {"token_limit", policy.token_limit ? json(*policy.token_limit) : json()},
                 {"models", policy.models}};
    if (policy.budget) data["limit"] = json::parse(to_string(*policy.budget));
    return dump({{"data", std::move(data)}});
}

} // namespace tollgate::gateway
