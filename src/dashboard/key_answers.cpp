// API keys: made, listed, changed, rotated, ended. Every change goes through KeyStore, so that caches are
// told.
#include "dashboard/answers.hpp"
#include "tollgate/domain/period.hpp"

#include <limits>

namespace tollgate::dashboard {

namespace {

using base::ErrorCode;
using domain::ApiKey;
using domain::KeyPatch;

constexpr NumberBounds any_count{.least = 1, .most = std::numeric_limits<std::uint32_t>::max()};
constexpr NumberBounds any_amount{.least = 1, .most = std::numeric_limits<std::int64_t>::max()};

std::string_view standing_of(const ApiKey& key, base::WallTime now) {
    const bool is_expired = key.expires_at && *key.expires_at <= now;
    if (key.state == domain::KeyState::active && is_expired) return "expired";
    return domain::to_string(key.state);
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

base::Result<Json> to_json(const Call& call, const ApiKey& key) {
    const DashboardSettings& settings = call.parts.settings;
    const auto spend = call.parts.storage.ledger().key_spend(key.id, settings.zone.day_at(call.now));
    if (!spend) return base::fail(spend.error());
    const domain::Policy& policy = key.policy;
    return Json{{"id", key.id.text()},
                {"account_id", key.account_id.text()},
                {"name", key.name},
                {"prefix", key.prefix},
                {"suffix", key.suffix},
                {"state", standing_of(key, call.now)},
                {"rate_limit", policy.rate_limit},
                {"token_limit", or_null(policy.token_limit)},
                {"concurrency", or_null(policy.concurrency)},
                {"budget", policy.budget ? to_number(*policy.budget) : Json()},
                {"budget_decimal", or_null(policy.budget)},
                {"budget_period", domain::to_string(policy.budget_period)},
                {"currency", settings.currency},
                {"expires_at", or_null(key.expires_at)},
                {"models", policy.models},
                {"ip_allow", policy.ip_allow},
                {"metadata", Json(key.metadata)},
                {"on_disconnect", domain::to_string(policy.on_disconnect)},
                {"created_at", dashboard::to_json(key.created_at)},
                {"spent", dashboard::to_json(spend->total)},
                {"spent_in_period", dashboard::to_json(spent_in_period(policy.budget_period, *spend))},
                {"requests", spend->requests},
                {"last_used_at", or_null(spend->last_used_at)}};
}

base::Result<Reply> answer_key(const Call& call, const base::Result<ApiKey>& key) {
    if (!key) return base::fail(key.error());
    const auto shown = to_json(call, *key);
    if (!shown) return base::fail(shown.error());
    return reply(*shown);
}

/// With the secret, this once.
base::Result<Reply> answer_secret(const Call& call, const ApiKey& key, const std::string& secret,
                                  int status) {
    const auto shown = to_json(call, key);
    if (!shown) return base::fail(shown.error());
    Json body = {{"key", secret}};
    body.update(*shown);
    return reply(body, status);
}

std::unexpected<base::Error> unknown_key(const std::string& id) {
    return base::reject(ErrorCode::not_found, "there is no key " + id, "id");
}

/// The key of the path, if it is the caller's; an admin's are all.
base::Result<ApiKey> own_key(const Call& call) {
    const auto found = call.parts.storage.keys().find(base::KeyId(call.id));
    if (!found) return base::fail(found.error());
    const bool is_visible =
        *found && (call.identity.is_admin() || (*found)->account_id == call.identity.account.id);
    if (!is_visible) return unknown_key(call.id);
    return **found;
}

template <class Number>
std::optional<std::optional<Number>> narrow(const Nullable<std::uint64_t>& read) {
    if (!read) return std::nullopt;
    std::optional<std::optional<Number>> limit(std::in_place);
    if (*read) *limit = static_cast<Number>(**read);
    return limit;
}

void read_limits(Fields& fields, KeyPatch& patch) {
    const auto rate = fields.number("rate_limit", any_count);
    if (rate) patch.rate_limit = static_cast<std::uint32_t>(*rate);
    patch.token_limit = narrow<std::uint64_t>(fields.nullable_number("token_limit", any_amount));
    patch.concurrency = narrow<std::uint32_t>(fields.nullable_number("concurrency", any_count));
}

void read_money(Fields& fields, KeyPatch& patch) {
    patch.budget = fields.nullable_money("budget");
    const auto period = fields.text("budget_period", {.least = 0, .most = 20});
    if (period) patch.budget_period = fields.accept("budget_period", domain::parse_budget_period(*period));
}

void read_expiry(const Call& call, Fields& fields, KeyPatch& patch) {
    const auto written = fields.nullable_text("expires_at", {.least = 0, .most = 40});
    if (!written) return;
    patch.expires_at.emplace(std::nullopt);
    if (!*written) return;
    const auto time = fields.accept("expires_at", domain::parse_expiry(**written, call.parts.settings.zone));
    if (time && *time <= call.now) fields.complain(ErrorCode::invalid_field, "expires_at", "is in the past");
    patch.expires_at.emplace(time);
}

void read_behaviour(Fields& fields, KeyPatch& patch) {
    patch.models = fields.texts("models");
    patch.ip_allow = fields.texts("ip_allow");
    patch.metadata = fields.text_map("metadata");
    const auto choice = fields.text("on_disconnect", {.least = 0, .most = 20});
    if (choice) patch.on_disconnect = fields.accept("on_disconnect", domain::parse_on_disconnect(*choice));
}

KeyPatch read_patch(const Call& call, Fields& fields) {
    KeyPatch patch;
    patch.name = fields.text("name", {.least = 1, .most = 100});
    read_limits(fields, patch);
    read_money(fields, patch);
    read_expiry(call, fields, patch);
    read_behaviour(fields, patch);
    return patch;
}

/// The fields of a change as they were sent, for the audit log.
Json names_of(const JsonValue& body) {
    Json names = Json::array();
    for (const std::string& name : body.names) names.push_back(name);
    return {{"fields", std::move(names)}};
}

/// Whose the new key is to be: the caller's, or an account that an admin names.
base::Result<base::AccountId> owner_of(const Call& call, const std::optional<std::string>& named) {
    const ports::Account& own = call.identity.account;
    if (!named || *named == own.id.text()) return own.id;
    const base::AccountId other(*named);
    if (call.identity.is_admin()) {
        const auto found = call.parts.storage.accounts().find(other);
        if (!found) return base::fail(found.error());
        if (*found) return other;
    }
    return base::reject(ErrorCode::not_found, "there is no account " + *named, "account_id");
}

void give_secret(ApiKey& key, const std::string& secret) {
    key.prefix = secret.substr(0, 7);
    key.suffix = secret.substr(secret.size() - 4);
}

base::Result<Reply> set_state(Call& call, domain::KeyState state, std::string_view action) {
    if (auto done = Fields(call.body).finish(); !done) return base::fail(done.error());
    const auto key = own_key(call);
    if (!key) return base::fail(key.error());
    if (key->state == domain::KeyState::revoked && state == domain::KeyState::revoked)
        return answer_key(call, key);
    const auto changed = call.parts.storage.keys().update(key->id, {.state = state});
    if (changed) audit(call, action, key->id.text(), {{"name", key->name}});
    return answer_key(call, changed);
}

/// In the order of ports::KeySort.
constexpr std::string_view sorts[] = {"created_at", "name",         "spent",     "rate_limit",
                                      "requests",   "last_used_at", "expires_at"};
constexpr std::string_view directions[] = {"desc", "asc"};
constexpr std::string_view standings[] = {"", "active", "expired", "disabled", "revoked"};

} // namespace

base::Result<Reply> list_keys(Call& call) {
    const auto account = account_in_question(call);
    if (!account) return base::fail(account.error());
    ports::KeyFilter filter{.account_id = *account, .now = call.now};
    filter.search = call.query.text("search").value_or("");
    if (const auto after = call.query.text("after")) filter.after = base::KeyId(*after);
    filter.limit = call.query.number("limit", 1, 200).value_or(50);
    filter.sort = static_cast<ports::KeySort>(call.query.choice("sort", sorts));
    filter.direction = static_cast<ports::SortDirection>(call.query.choice("order", directions));
    if (const std::size_t choice = call.query.choice("state", standings))
        filter.standing = static_cast<ports::KeyStanding>(choice - 1);
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    const auto page = call.parts.storage.keys().list(filter);
    if (!page) return base::fail(page.error());
    Json data = Json::array();
    for (const ApiKey& key : page->keys) {
        auto shown = to_json(call, key);
        if (!shown) return base::fail(shown.error());
        data.push_back(std::move(*shown));
    }
    return reply({{"data", std::move(data)}, {"next", page->next ? Json(page->next->text()) : Json()}});
}

base::Result<Reply> create_key(Call& call) {
    Fields fields(call.body);
    const auto named = fields.text("account_id", {.least = 1, .most = 100});
    KeyPatch patch = read_patch(call, fields);
    if (!fields.has("name")) fields.complain(ErrorCode::missing_field, "name", "is missing");
    if (auto done = fields.finish(); !done) return base::fail(done.error());
    const auto owner = owner_of(call, named);
    if (!owner) return base::fail(owner.error());
    ApiKey key{.id = base::new_key_id(), .account_id = *owner, .created_at = call.now};
    key.policy.rate_limit = call.parts.settings.default_rate_limit;
    domain::apply_patch(key, patch);
    const std::string secret = domain::generate_key();
    give_secret(key, secret);
    if (auto sound = domain::validate_key(key, call.parts.settings.max_rate_limit); !sound)
        return base::fail(sound.error());
    const auto created = call.parts.storage.keys().create(key, base::sha256(secret));
    if (!created) return base::fail(created.error());
    audit(call, "key.create", key.id.text(), {{"name", key.name}, {"account_id", owner->text()}});
    return answer_secret(call, key, secret, 201);
}

base::Result<Reply> show_key(Call& call) {
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    return answer_key(call, own_key(call));
}

base::Result<Reply> change_key(Call& call) {
    auto key = own_key(call);
    if (!key) return base::fail(key.error());
    Fields fields(call.body);
    const KeyPatch patch = read_patch(call, fields);
    if (auto done = fields.finish(); !done) return base::fail(done.error());
    domain::apply_patch(*key, patch);
    if (auto sound = domain::validate_key(*key, call.parts.settings.max_rate_limit); !sound)
        return base::fail(sound.error());
    const auto changed = call.parts.storage.keys().update(key->id, patch);
    if (changed) audit(call, "key.update", key->id.text(), names_of(call.body));
    return answer_key(call, changed);
}

base::Result<Reply> revoke_key(Call& call) {
    return set_state(call, domain::KeyState::revoked, "key.revoke");
}

base::Result<Reply> disable_key(Call& call) {
    return set_state(call, domain::KeyState::disabled, "key.disable");
}

base::Result<Reply> enable_key(Call& call) {
    return set_state(call, domain::KeyState::active, "key.enable");
}

base::Result<Reply> rotate_key(Call& call) {
    Fields fields(call.body);
    const auto grace = fields.number("grace", {.least = 0, .most = 365ULL * 86400});
    if (auto done = fields.finish(); !done) return base::fail(done.error());
    const auto key = own_key(call);
    if (!key) return base::fail(key.error());
    const std::string secret = domain::generate_key();
    ApiKey shown;
    give_secret(shown, secret);
    const ports::Rotation rotation{.id = key->id,
                                   .secret = base::sha256(secret),
                                   .prefix = shown.prefix,
                                   .suffix = shown.suffix,
                                   .now = call.now,
                                   .grace = std::chrono::seconds(grace.value_or(0))};
    const auto rotated = call.parts.storage.keys().rotate(rotation);
    if (!rotated) return base::fail(rotated.error());
    audit(call, "key.rotate", key->id.text(), {{"name", key->name}, {"grace", grace.value_or(0)}});
    return answer_secret(call, *rotated, secret, 200);
}

} // namespace tollgate::dashboard
