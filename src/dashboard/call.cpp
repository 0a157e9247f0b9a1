#include "dashboard/call.hpp"

#include "tollgate/telemetry/log.hpp"

namespace tollgate::dashboard {

void audit(const Call& call, std::string_view action, const std::string& target, const Json& details) {
    const ports::AuditEntry entry{.at = call.now,
                                  .actor_id = call.identity.account.id,
                                  .actor = call.identity.account.email,
                                  .action = std::string(action),
                                  .target = target,
                                  .address = call.address,
                                  .details = dump(details)};
    const auto written = call.parts.storage.audit_log().append(entry);
    if (written) return;
    telemetry::log_warn("the audit log cannot be written", {{"actor", std::string_view(entry.actor)},
                                                            {"action", std::string_view(entry.action)},
                                                            {"target", std::string_view(entry.target)},
                                                            {"address", std::string_view(entry.address)},
                                                            {"details", std::string_view(entry.details)}});
}

base::Result<bool> needs_first_account(const Call& call) {
    const bool is_open = call.parts.settings.registration == Registration::open;
    const auto found = call.parts.storage.accounts().page({.only_who_can_sign_in = is_open, .limit = 1});
    if (!found) return base::fail(found.error());
    return found->accounts.empty();
}

base::Result<std::optional<base::AccountId>> account_in_question(Call& call) {
    const ports::Account& own = call.identity.account;
    const auto asked = call.query.text("account_id");
    if (!asked || *asked == own.id.text()) return own.id;
    if (*asked == "all") {
        if (call.identity.is_admin()) return std::nullopt;
        return base::reject(base::ErrorCode::admin_required, "only admins may ask for all accounts",
                            "account_id");
    }
    const base::AccountId other(*asked);
    if (call.identity.is_admin()) {
        const auto found = call.parts.storage.accounts().find(other);
        if (!found) return base::fail(found.error());
        if (*found) return other;
    }
    return base::reject(base::ErrorCode::not_found, "there is no account " + *asked, "account_id");
}

} // namespace tollgate::dashboard
