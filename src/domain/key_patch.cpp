#include "tollgate/domain/key.hpp"

namespace tollgate::domain {

namespace {

void replace(auto& field, const auto& change) {
    if (change) field = *change;
}

} // namespace

void apply_patch(ApiKey& key, const KeyPatch& patch) {
    replace(key.name, patch.name);
    replace(key.state, patch.state);
    replace(key.expires_at, patch.expires_at);
    replace(key.metadata, patch.metadata);
    replace(key.policy.rate_limit, patch.rate_limit);
    replace(key.policy.token_limit, patch.token_limit);
    replace(key.policy.concurrency, patch.concurrency);
    replace(key.policy.budget, patch.budget);
    replace(key.policy.budget_period, patch.budget_period);
    replace(key.policy.models, patch.models);
    replace(key.policy.ip_allow, patch.ip_allow);
    replace(key.policy.on_disconnect, patch.on_disconnect);
}

} // namespace tollgate::domain
