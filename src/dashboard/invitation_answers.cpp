// Invitations to register, for admins.
#include "dashboard/answers.hpp"
#include "tollgate/base/digest.hpp"
#include "tollgate/domain/email.hpp"

namespace tollgate::dashboard {

namespace {

using ports::Invitation;

Json to_json(const Invitation& invitation) {
    const bool has_email = !invitation.email.empty();
    return {{"id", invitation.id.text()},
            {"email", has_email ? Json(invitation.email) : Json()},
            {"role", ports::to_string(invitation.role)},
            {"created_by", invitation.created_by.text()},
            {"created_at", dashboard::to_json(invitation.created_at)},
            {"expires_at", dashboard::to_json(invitation.expires_at)},
            {"used_at", or_null(invitation.used_at)},
            {"account_id", invitation.account_id.empty() ? Json() : Json(invitation.account_id.text())}};
}

base::Result<Invitation> read_invitation(const Call& call) {
    Fields fields(call.body);
    Invitation read{.id = ports::InvitationId("inv_" + base::random_hex(8)),
                    .created_by = call.identity.account.id,
                    .created_at = call.now};
    const auto email = fields.text("email", {.least = 0, .most = 1024});
    if (email) read.email = fields.accept("email", domain::normalise_email(*email)).value_or("");
    const auto role = fields.text("role", {.least = 0, .most = 20});
    if (role) read.role = fields.accept("role", ports::parse_role(*role)).value_or(ports::Role::member);
    read.expires_at =
        call.now + std::chrono::days(fields.number("valid_days", {.least = 1, .most = 90}).value_or(7));
    if (auto done = fields.finish(); !done) return base::fail(done.error());
    return read;
}

} // namespace

base::Result<Reply> list_invitations(Call& call) {
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    const auto found = call.parts.storage.invitations().list(ports::InvitationKind::registration);
    if (!found) return base::fail(found.error());
    Json data = Json::array();
    for (const Invitation& invitation : *found) data.push_back(to_json(invitation));
    return reply({{"data", std::move(data)}});
}

base::Result<Reply> create_invitation(Call& call) {
    const auto invitation = read_invitation(call);
    if (!invitation) return base::fail(invitation.error());
    const std::string token = base::random_hex(32);
    const auto created = call.parts.storage.invitations().create(*invitation, base::sha256(token));
    if (!created) return base::fail(created.error());
    audit(call, "invitation.create", invitation->id.text(),
          {{"email", invitation->email}, {"role", ports::to_string(invitation->role)}});
    Json shown = {{"token", token}, {"path", "/sign-up#invitation=" + token}};
    shown.update(to_json(*invitation));
    return reply(shown, 201);
}

base::Result<Reply> remove_invitation(Call& call) {
    const auto removed = call.parts.storage.invitations().remove(ports::InvitationId(call.id));
    if (!removed) return base::fail(removed.error());
    if (!*removed)
        return base::reject(base::ErrorCode::not_found,
                            "there is no invitation " + call.id + " left to withdraw", "id");
    audit(call, "invitation.remove", call.id);
    return no_content();
}

} // namespace tollgate::dashboard
