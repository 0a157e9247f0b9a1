// Accounts, for admins.
#include "dashboard/answers.hpp"
#include "dashboard/sign_in.hpp"
#include "tollgate/base/digest.hpp"
#include "tollgate/base/password.hpp"
#include "tollgate/domain/email.hpp"

#include <limits>

namespace tollgate::dashboard {

namespace {

using base::ErrorCode;
using ports::Account;

constexpr NumberBounds any_count{.least = 0, .most = std::numeric_limits<std::uint32_t>::max()};
constexpr std::chrono::hours reset_time{24};

using Spends = std::map<base::AccountId, ports::AccountSpend>;

base::Result<Json> to_user(const Call& call, const Account& account, const Spends& spends) {
    const auto wallet = call.parts.storage.ledger().wallet(account.id, call.now);
    if (!wallet) return base::fail(wallet.error());
    const auto keys = call.parts.storage.keys().list(
        {.account_id = account.id, .standing = ports::KeyStanding::active, .now = call.now, .limit = 1000});
    if (!keys) return base::fail(keys.error());
    const auto spend = spends.find(account.id);
    Json user = to_json(account);
    user["spent"] = to_json(spend == spends.end() ? base::Money() : spend->second.spent);
    user["requests"] = spend == spends.end() ? 0 : spend->second.requests;
    user["balance"] = to_json(wallet->balance);
    user["keys"] = keys->keys.size();
    return user;
}

base::Result<Reply> answer_user(const Call& call, const base::Result<Account>& account, int status = 200) {
    if (!account) return base::fail(account.error());
    const auto spends = call.parts.storage.usage_reports().account_spends();
    if (!spends) return base::fail(spends.error());
    const auto user = to_user(call, *account, *spends);
    if (!user) return base::fail(user.error());
    return reply(*user, status);
}

base::Result<Account> named_user(const Call& call) {
    const auto found = call.parts.storage.accounts().find(base::AccountId(call.id));
    if (!found) return base::fail(found.error());
    if (*found) return **found;
    return base::reject(ErrorCode::not_found, "there is no account " + call.id, "id");
}

std::optional<ports::Role> read_role(Fields& fields) {
    const auto written = fields.text("role", {.least = 0, .most = 20});
    if (!written) return std::nullopt;
    return fields.accept("role", ports::parse_role(*written));
}

std::optional<std::optional<std::uint32_t>> read_concurrency(Fields& fields) {
    const auto read = fields.nullable_number("concurrency", any_count);
    if (!read) return std::nullopt;
    std::optional<std::optional<std::uint32_t>> limit(std::in_place);
    if (*read) *limit = static_cast<std::uint32_t>(**read);
    return limit;
}

/// An account without a password cannot sign in until a reset gives it one.
base::Result<Account> read_user(const Call& call) {
    Fields fields(call.body);
    const std::string email = fields.required_text("email", {.least = 0, .most = 1024});
    const auto password = fields.text("password", {.least = 0, .most = 2000});
    Account account{.id = base::new_account_id(), .created_at = call.now};
    account.name = fields.text("name", {.least = 0, .most = 100}).value_or("");
    account.role = read_role(fields).value_or(ports::Role::member);
    account.concurrency = read_concurrency(fields).value_or(std::nullopt);
    if (auto done = fields.finish(); !done) return base::fail(done.error());
    auto normal = domain::normalise_email(email);
    if (!normal) return base::fail(normal.error());
    account.email = std::move(*normal);
    if (!password) return account;
    auto hash = base::hash_password(base::Secret(*password));
    if (!hash) return base::fail(hash.error());
    account.password_hash = std::move(*hash);
    return account;
}

} // namespace

base::Result<Reply> list_users(Call& call) {
    ports::AccountFilter filter;
    filter.search = call.query.text("search").value_or("");
    if (const auto after = call.query.text("after")) filter.after = base::AccountId(*after);
    filter.limit = call.query.number("limit", 1, 200).value_or(50);
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    const auto page = call.parts.storage.accounts().page(filter);
    if (!page) return base::fail(page.error());
    const auto spends = call.parts.storage.usage_reports().account_spends();
    if (!spends) return base::fail(spends.error());
    Json data = Json::array();
    for (const Account& account : page->accounts) {
        auto user = to_user(call, account, *spends);
        if (!user) return base::fail(user.error());
        data.push_back(std::move(*user));
    }
    return reply({{"data", std::move(data)}, {"next", page->next ? Json(page->next->text()) : Json()}});
}

base::Result<Reply> create_user(Call& call) {
    const auto account = read_user(call);
    if (!account) return base::fail(account.error());
    const auto created = call.parts.storage.accounts().create(*account);
    if (!created) return base::fail(created.error());
    audit(call, "user.create", account->id.text(),
          {{"email", account->email}, {"role", ports::to_string(account->role)}});
    return answer_user(call, account, 201);
}

base::Result<Reply> show_user(Call& call) {
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    return answer_user(call, named_user(call));
}

base::Result<Reply> change_user(Call& call) {
    Fields fields(call.body);
    ports::AccountPatch patch{.name = fields.text("name", {.least = 0, .most = 100}),
                              .role = read_role(fields),
                              .disabled = fields.truth("disabled"),
                              .concurrency = read_concurrency(fields),
                              .keep_an_admin = true};
    if (auto done = fields.finish(); !done) return base::fail(done.error());
    if (patch.disabled.value_or(false)) patch.end_sessions = true;
    const auto account = named_user(call);
    if (!account) return base::fail(account.error());
    const auto changed = call.parts.storage.accounts().update(account->id, patch);
    if (changed) audit(call, "user.update", account->id.text(), {{"changes", Json::parse(call.text)}});
    return answer_user(call, changed);
}

base::Result<Reply> end_user_sessions(Call& call) {
    const auto account = named_user(call);
    if (!account) return base::fail(account.error());
    const auto ended = call.parts.storage.sessions().end_all(account->id, std::nullopt);
    if (!ended) return base::fail(ended.error());
    audit(call, "user.end_sessions", account->id.text(), {{"sessions_ended", *ended}});
    return no_content();
}

base::Result<Reply> make_reset(Call& call) {
    if (auto done = Fields(call.body).finish(); !done) return base::fail(done.error());
    const auto account = named_user(call);
    if (!account) return base::fail(account.error());
    const std::string token = base::random_hex(32);
    const ports::Invitation reset{.id = ports::InvitationId("inv_" + base::random_hex(8)),
                                  .kind = ports::InvitationKind::password_reset,
                                  .email = account->email,
                                  .account_id = account->id,
                                  .created_by = call.identity.account.id,
                                  .created_at = call.now,
                                  .expires_at = call.now + reset_time};
    const auto created = call.parts.storage.invitations().create(reset, base::sha256(token));
    if (!created) return base::fail(created.error());
    audit(call, "user.reset", account->id.text());
    return reply(
        {{"token", token}, {"path", "/reset#token=" + token}, {"expires_at", to_json(reset.expires_at)}},
        201);
}

} // namespace tollgate::dashboard
