#include "app/key_output.hpp"

#include "app/table.hpp"

namespace tollgate::app {

namespace {

using domain::ApiKey;

/// The state that a caller meets: an expired key is active in the books.
std::string shown_state(const ApiKey& key, base::WallTime now) {
    const bool expired = key.expires_at && *key.expires_at <= now;
    if (key.state == domain::KeyState::active && expired) return "expired";
    return std::string(domain::to_string(key.state));
}

std::string to_seconds(base::WallTime time) {
    return base::to_rfc3339(std::chrono::floor<std::chrono::seconds>(time));
}

std::string shown_secret(const ApiKey& key) {
    return key.prefix + "…" + key.suffix;
}

std::string shown_budget(const ApiKey& key, const std::string& currency) {
    if (!key.policy.budget) return "unlimited";
    const std::string amount = base::to_string(*key.policy.budget) + " " + currency;
    switch (key.policy.budget_period) {
    case domain::BudgetPeriod::none: return amount;
    case domain::BudgetPeriod::daily: return amount + " a day";
    case domain::BudgetPeriod::weekly: return amount + " a week";
    case domain::BudgetPeriod::monthly: return amount + " a month";
    }
    return amount;
}

std::string shown_limit(const auto& limit) {
    return limit ? std::to_string(*limit) : "unlimited";
}

std::string joined(const std::vector<std::string>& entries, const char* none) {
    if (entries.empty()) return none;
    std::string text;
    for (const std::string& entry : entries) text += (text.empty() ? "" : ", ") + entry;
    return text;
}

std::vector<std::string> metadata_entries(const ApiKey& key) {
    std::vector<std::string> entries;
    for (const auto& [name, value] : key.metadata) entries.push_back(name + "=" + value);
    return entries;
}

template <class Value>
nlohmann::ordered_json or_null(const std::optional<Value>& value) {
    return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

} // namespace

std::string KeyView::email_of(const ApiKey& key) const {
    const auto found = emails.find(key.account_id);
    return found == emails.end() ? key.account_id.text() : found->second;
}

nlohmann::ordered_json to_json(const ApiKey& key, const KeyView& view) {
    const domain::Policy& policy = key.policy;
    return {
        {"id", key.id.text()},
        {"name", key.name},
        {"user", view.email_of(key)},
        {"account_id", key.account_id.text()},
        {"state", shown_state(key, view.now)},
        {"prefix", key.prefix},
        {"suffix", key.suffix},
        {"rate_limit", policy.rate_limit},
        {"token_limit", or_null(policy.token_limit)},
        {"concurrency", or_null(policy.concurrency)},
        {"budget",
         or_null(policy.budget.transform([](base::Money money) { return base::to_string(money); }))},
        {"currency", view.currency},
        {"budget_period", domain::to_string(policy.budget_period)},
        {"expires_at", or_null(key.expires_at.transform(base::to_rfc3339))},
        {"models", policy.models},
        {"ip_allow", policy.ip_allow},
        {"metadata", key.metadata},
        {"on_disconnect", domain::to_string(policy.on_disconnect)},
        {"generation", key.generation},
        {"created_at", base::to_rfc3339(key.created_at)},
    };
}

void print_keys(std::ostream& out, const std::vector<ApiKey>& keys, const KeyView& view) {
    Table table({"ID", "NAME", "USER", "KEY", "STATE", "REQUESTS/MIN", "BUDGET", "EXPIRES", "CREATED"});
    for (const ApiKey& key : keys) {
        table.add({key.id.text(), key.name, view.email_of(key), shown_secret(key), shown_state(key, view.now),
                   std::to_string(key.policy.rate_limit), shown_budget(key, view.currency),
                   key.expires_at ? to_seconds(*key.expires_at) : "never", to_seconds(key.created_at)});
    }
    table.print(out);
}

void print_key(std::ostream& out, const ApiKey& key, const KeyView& view) {
    const domain::Policy& policy = key.policy;
    print_fields(out, {{"id", key.id.text()},
                       {"name", key.name},
                       {"user", view.email_of(key)},
                       {"key", shown_secret(key)},
                       {"state", shown_state(key, view.now)},
                       {"requests per minute", std::to_string(policy.rate_limit)},
                       {"tokens per minute", shown_limit(policy.token_limit)},
                       {"calls in flight", shown_limit(policy.concurrency)},
                       {"budget", shown_budget(key, view.currency)},
                       {"expires", key.expires_at ? to_seconds(*key.expires_at) : "never"},
                       {"models", joined(policy.models, "all")},
                       {"addresses", joined(policy.ip_allow, "all")},
                       {"on disconnect", std::string(domain::to_string(policy.on_disconnect))},
                       {"metadata", joined(metadata_entries(key), "none")},
                       {"created", to_seconds(key.created_at)}});
}

} // namespace tollgate::app
