#include "storage/redis/record_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace tollgate::storage::redis {

namespace {

using domain::ApiKey;
using domain::KeyRecord;
using domain::Policy;
using nlohmann::json;

json time_of(const std::optional<base::WallTime>& time) {
    return time ? json(time->time_since_epoch().count()) : json();
}

template <class T>
json value_of(const std::optional<T>& value) {
    return value ? json(*value) : json();
}

json write_policy(const Policy& policy) {
    return {{"rate", policy.rate_limit},
            {"tokens", value_of(policy.token_limit)},
            {"places", value_of(policy.concurrency)},
            {"budget", policy.budget ? json(policy.budget->micros()) : json()},
            {"period", domain::to_string(policy.budget_period)},
            {"models", policy.models},
            {"ips", policy.ip_allow},
            {"leave", domain::to_string(policy.on_disconnect)}};
}

template <class T>
std::optional<T> optional_of(const json& value) {
    if (value.is_null()) return std::nullopt;
    return value.get<T>();
}

std::optional<base::WallTime> read_time(const json& value) {
    if (value.is_null()) return std::nullopt;
    return base::WallTime(base::WallTime::duration(value.get<std::int64_t>()));
}

Policy read_policy(const json& value) {
    Policy policy;
    policy.rate_limit = value.at("rate").get<std::uint32_t>();
    policy.token_limit = optional_of<std::uint64_t>(value.at("tokens"));
    policy.concurrency = optional_of<std::uint32_t>(value.at("places"));
    if (const auto budget = optional_of<std::int64_t>(value.at("budget"))) {
        policy.budget = base::Money::of_micros(*budget);
    }
    policy.budget_period = domain::parse_budget_period(value.at("period").get<std::string>()).value();
    policy.models = value.at("models").get<std::vector<std::string>>();
    policy.ip_allow = value.at("ips").get<std::vector<std::string>>();
    policy.on_disconnect = domain::parse_on_disconnect(value.at("leave").get<std::string>()).value();
    return policy;
}

KeyRecord read_json(const json& value) {
    KeyRecord record;
    ApiKey& key = record.key;
    key.id = base::KeyId(value.at("id").get<std::string>());
    key.account_id = base::AccountId(value.at("account").get<std::string>());
    key.name = value.at("name").get<std::string>();
    key.prefix = value.at("prefix").get<std::string>();
    key.suffix = value.at("suffix").get<std::string>();
    key.state = domain::parse_key_state(value.at("state").get<std::string>()).value();
    key.expires_at = read_time(value.at("expires"));
    key.policy = read_policy(value.at("policy"));
    key.metadata = value.at("metadata").get<std::map<std::string, std::string>>();
    key.generation = value.at("generation").get<std::uint64_t>();
    key.created_at = read_time(value.at("created")).value();
    record.account_disabled = value.at("account_disabled").get<bool>();
    record.account_concurrency = optional_of<std::uint32_t>(value.at("account_places"));
    record.secret_expires_at = read_time(value.at("secret_expires"));
    return record;
}

} // namespace

std::string write_record(const KeyRecord& record) {
    const ApiKey& key = record.key;
    const json value = {{"id", key.id.text()},
                        {"account", key.account_id.text()},
                        {"name", key.name},
                        {"prefix", key.prefix},
                        {"suffix", key.suffix},
                        {"state", domain::to_string(key.state)},
                        {"expires", time_of(key.expires_at)},
                        {"policy", write_policy(key.policy)},
                        {"metadata", key.metadata},
                        {"generation", key.generation},
                        {"created", time_of(key.created_at)},
                        {"account_disabled", record.account_disabled},
                        {"account_places", value_of(record.account_concurrency)},
                        {"secret_expires", time_of(record.secret_expires_at)}};
    return std::to_string(key.generation) + " " + value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string write_absence(std::uint64_t generation) {
    return std::to_string(generation);
}

std::optional<ports::CachedRecord> read_record(std::string_view text) {
    const auto space = text.find(' ');
    const std::string_view number = text.substr(0, space);
    const bool is_number =
        !number.empty() && std::ranges::all_of(number, [](char each) { return each >= '0' && each <= '9'; });
    if (!is_number) return std::nullopt;
    if (space == std::string_view::npos) return ports::CachedRecord{};
    try {
        return ports::CachedRecord{read_json(json::parse(text.substr(space + 1)))};
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

} // namespace tollgate::storage::redis
