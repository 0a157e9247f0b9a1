// Registering, signing in and out, passwords.
#include "dashboard/answers.hpp"
#include "dashboard/sign_in.hpp"
#include "dashboard/throttle.hpp"
#include "tollgate/base/password.hpp"
#include "tollgate/domain/email.hpp"

namespace tollgate::dashboard {

namespace {

using base::ErrorCode;
using ports::Account;

constexpr TextBounds any_text{.least = 0, .most = 1024};
constexpr std::uint64_t registrations_per_hour = 20; // from one address

Throttle throttle_of(Call& call) {
    return {call.parts.storage.attempts(), {}};
}

std::unexpected<base::Error> wrong_login() {
    return base::reject(ErrorCode::invalid_login, "the e-mail address or the password is wrong");
}

Json signed_in(const Account& account, const ports::Session& session) {
    return {{"account", to_json(account)}, {"session", to_json(session, session.id)}};
}

/// A new password, checked against what every password must be.
base::Result<std::string> hash_new(const base::Secret& password, std::string_view email,
                                   std::string_view field) {
    auto checked = base::check_password_length(password);
    if (!checked) {
        checked.error().param = field;
        return base::fail(checked.error());
    }
    if (password.expose() == email)
        return base::reject(ErrorCode::invalid_field, "the password must not be the e-mail address",
                            std::string(field));
    return base::hash_password(password);
}

struct Registering {
    std::string email{};
    std::string name{};
    base::Secret password{};
    std::optional<std::string> invitation{};
};

base::Result<Registering> read_registration(const Call& call) {
    Fields fields(call.body);
    Registering read;
    const std::string email = fields.required_text("email", any_text);
    read.password = base::Secret(fields.required_text("password", {.least = 0, .most = 2000}));
    read.name = fields.text("name", {.least = 0, .most = 100}).value_or("");
    read.invitation = fields.text("invitation", any_text);
    if (auto done = fields.finish(); !done) return base::fail(done.error());
    auto normal = domain::normalise_email(email);
    if (!normal) return base::fail(normal.error());
    read.email = std::move(*normal);
    return read;
}

/// The invitation that lets this address in; nothing where none is needed. Errors: registration_closed,
/// invalid_token.
base::Result<std::optional<ports::Invitation>> let_in(Call& call, const Registering& read) {
    const auto first = needs_first_account(call);
    if (!first) return base::fail(first.error());
    const Registration mode = call.parts.settings.registration;
    if (*first || (mode == Registration::open && !read.invitation)) return std::nullopt;
    if (mode == Registration::closed)
        return base::reject(ErrorCode::registration_closed,
                            "registration is closed: ask an admin for an account");
    if (!read.invitation)
        return base::reject(ErrorCode::registration_closed,
                            "registration needs an invitation: ask an admin for one");
    auto found = call.parts.storage.invitations().find_by_token(base::sha256(*read.invitation));
    if (!found) return base::fail(found.error());
    const auto& invitation = *found;
    const bool is_good = invitation && invitation->kind == ports::InvitationKind::registration &&
                         !invitation->used_at && invitation->expires_at > call.now &&
                         (invitation->email.empty() || invitation->email == read.email);
    if (is_good) return invitation;
    return base::reject(ErrorCode::invalid_token,
                        "the invitation is unknown, used, too old, or for another e-mail address",
                        "invitation");
}

base::Result<void> check_registrations(Call& call) {
    const std::vector<std::string> subject{"register " + network_of(call.address)};
    const auto count = call.parts.storage.attempts().count(subject.front(), call.now - std::chrono::hours(1));
    if (!count) return base::fail(count.error());
    if (*count >= registrations_per_hour) {
        return base::fail(
            base::Error{.code = ErrorCode::too_many_attempts,
                        .source = base::ErrorSource::client,
                        .message = "too many registrations from this address; try again in an hour",
                        .retry_after = std::chrono::minutes(1)});
    }
    return call.parts.storage.attempts().add(subject, call.now);
}

/// Uses the invitation up and makes the account; without the account the invitation stays good.
base::Result<void> make_account(Call& call, Account& account,
                                const std::optional<ports::Invitation>& invitation) {
    auto& invitations = call.parts.storage.invitations();
    if (invitation) {
        account.role = invitation->role;
        const auto claimed = invitations.claim(invitation->id, account.id, call.now);
        if (!claimed) return base::fail(claimed.error());
        if (!*claimed)
            return base::reject(ErrorCode::invalid_token, "the invitation has been used", "invitation");
    }
    const auto role = call.parts.storage.accounts().create_first_as_admin(account);
    if (!role) {
        if (invitation) static_cast<void>(invitations.release(invitation->id));
        return base::fail(role.error());
    }
    account.role = *role;
    return {};
}

} // namespace

base::Result<Reply> register_account(Call& call) {
    auto read = read_registration(call);
    if (!read) return base::fail(read.error());
    if (auto allowed = check_registrations(call); !allowed) return base::fail(allowed.error());
    const auto invitation = let_in(call, *read);
    if (!invitation) return base::fail(invitation.error());
    auto hash = hash_new(read->password, read->email, "password");
    if (!hash) return base::fail(hash.error());
    Account account{.id = base::new_account_id(),
                    .email = read->email,
                    .name = read->name,
                    .password_hash = std::move(*hash),
                    .created_at = call.now};
    if (auto made = make_account(call, account, *invitation); !made) return base::fail(made.error());
    call.identity.account = account;
    audit(call, "account.register", account.id.text(),
          {{"email", account.email}, {"role", ports::to_string(account.role)}});
    Reply answer;
    const auto session = begin_session(call, account, answer);
    if (!session) return base::fail(session.error());
    answer.status = 201;
    answer.body = dump(signed_in(account, *session));
    return answer;
}

base::Result<Reply> log_in(Call& call) {
    Fields fields(call.body);
    const std::string written = fields.required_text("email", any_text);
    const base::Secret password(fields.required_text("password", {.least = 0, .most = 2000}));
    if (auto done = fields.finish(); !done) return base::fail(done.error());
    const std::string email = domain::normalise_email(written).value_or("");
    const auto account = call.parts.storage.accounts().find_by_email(email);
    if (!account) return base::fail(account.error());
    const bool is_known_device =
        *account && verify_device(call.device, (*account)->id, call.parts.settings.session_secrets);
    const Attempt attempt{.account = email.empty() ? written : email,
                          .address = call.address,
                          .device = is_known_device ? call.device : ""};
    Throttle throttle = throttle_of(call);
    if (auto allowed = throttle.check(attempt, call.now); !allowed) return base::fail(allowed.error());
    // Without an account the same work is done for an empty hash: the time does not tell.
    const bool is_right =
        base::verify_password(password, *account ? (*account)->password_hash : std::string());
    if (!is_right || !*account) {
        if (auto noted = throttle.failed(attempt, call.now); !noted) return base::fail(noted.error());
        // Written for unknown addresses too: again the time must not tell.
        audit(call, "session.refuse", *account ? (*account)->id.text() : "");
        return wrong_login();
    }
    if ((*account)->disabled)
        return base::reject(ErrorCode::account_disabled, "this account is disabled: ask an admin");
    if (auto noted = throttle.succeeded(attempt); !noted) return base::fail(noted.error());
    Reply answer;
    const auto session = begin_session(call, **account, answer);
    if (!session) return base::fail(session.error());
    call.identity.account = **account;
    audit(call, "session.begin", (*account)->id.text(), {{"session", session->id.text()}});
    answer.body = dump(signed_in(**account, *session));
    return answer;
}

base::Result<Reply> log_out(Call& call) {
    if (auto done = Fields(call.body).finish(); !done) return base::fail(done.error());
    Reply answer = no_content();
    forget_session(call, answer);
    if (!call.claims) return answer;
    const auto ended = call.parts.storage.sessions().end(call.claims->account_id, call.claims->session_id);
    if (!ended) return base::fail(ended.error());
    if (*ended) {
        call.identity.account.id = call.claims->account_id;
        const auto account = call.parts.storage.accounts().find(call.claims->account_id);
        if (account && *account) call.identity.account = **account;
        audit(call, "session.end", call.claims->account_id.text(),
              {{"session", call.claims->session_id.text()}});
    }
    return answer;
}

base::Result<Reply> change_password(Call& call) {
    Fields fields(call.body);
    const base::Secret current(fields.required_text("current_password", {.least = 0, .most = 2000}));
    const base::Secret wanted(fields.required_text("new_password", {.least = 0, .most = 2000}));
    if (auto done = fields.finish(); !done) return base::fail(done.error());
    const Account& own = call.identity.account;
    const Attempt attempt{
        .account = own.email, .address = call.address, .device = call.identity.session_id.text()};
    Throttle throttle = throttle_of(call);
    if (auto allowed = throttle.check(attempt, call.now); !allowed) return base::fail(allowed.error());
    if (!base::verify_password(current, own.password_hash)) {
        if (auto noted = throttle.failed(attempt, call.now); !noted) return base::fail(noted.error());
        return base::reject(ErrorCode::invalid_field, "the current password is wrong", "current_password");
    }
    auto hash = hash_new(wanted, own.email, "new_password");
    if (!hash) return base::fail(hash.error());
    const auto changed = call.parts.storage.accounts().update(own.id, {.password_hash = std::move(*hash)});
    if (!changed) return base::fail(changed.error());
    const auto ended = call.parts.storage.sessions().end_all(own.id, std::nullopt);
    if (!ended) return base::fail(ended.error());
    audit(call, "password.change", own.id.text(), {{"sessions_ended", *ended}});
    Reply answer = no_content();
    const auto session = begin_session(call, *changed, answer);
    if (!session) return base::fail(session.error());
    return answer;
}

base::Result<Reply> reset_password(Call& call) {
    Fields fields(call.body);
    const std::string token = fields.required_text("token", any_text);
    const base::Secret wanted(fields.required_text("password", {.least = 0, .most = 2000}));
    if (auto done = fields.finish(); !done) return base::fail(done.error());
    const Attempt attempt{.account = "reset", .address = call.address};
    Throttle throttle = throttle_of(call);
    if (auto allowed = throttle.check(attempt, call.now); !allowed) return base::fail(allowed.error());
    auto& invitations = call.parts.storage.invitations();
    const auto found = invitations.find_by_token(base::sha256(token));
    if (!found) return base::fail(found.error());
    const bool is_good = *found && (*found)->kind == ports::InvitationKind::password_reset &&
                         !(*found)->used_at && (*found)->expires_at > call.now;
    if (!is_good) {
        if (auto noted = throttle.failed(attempt, call.now); !noted) return base::fail(noted.error());
        return base::reject(ErrorCode::invalid_token,
                            "the link is unknown, used or too old: ask for a new one", "token");
    }
    auto hash = hash_new(wanted, (*found)->email, "password");
    if (!hash) return base::fail(hash.error());
    const auto claimed = invitations.claim((*found)->id, (*found)->account_id, call.now);
    if (!claimed) return base::fail(claimed.error());
    if (!*claimed)
        return base::reject(ErrorCode::invalid_token, "the link has been used: ask for a new one", "token");
    const auto changed =
        call.parts.storage.accounts().update((*found)->account_id, {.password_hash = std::move(*hash)});
    if (!changed) return base::fail(changed.error());
    const auto ended = call.parts.storage.sessions().end_all(changed->id, std::nullopt);
    if (!ended) return base::fail(ended.error());
    call.identity.account = *changed;
    audit(call, "password.reset", changed->id.text(), {{"sessions_ended", *ended}});
    return no_content();
}

} // namespace tollgate::dashboard
