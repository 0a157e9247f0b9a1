// The truth: what a database keeps, behind one handle. Opened by app, which owns it; its parts are blocking,
// may be called from any thread and live as long as it does.
#pragma once

#include "tollgate/ports/accounts.hpp"
#include "tollgate/ports/attempts.hpp"
#include "tollgate/ports/audit_log.hpp"
#include "tollgate/ports/fleet.hpp"
#include "tollgate/ports/invitations.hpp"
#include "tollgate/ports/key_store.hpp"
#include "tollgate/ports/ledger.hpp"
#include "tollgate/ports/sessions.hpp"
#include "tollgate/ports/usage_reports.hpp"

#include <string>
#include <vector>

namespace tollgate::ports {

class Storage {
public:
    virtual ~Storage() = default;

    virtual KeyStore& keys() = 0;
    virtual Accounts& accounts() = 0;
    virtual Ledger& ledger() = 0;
    virtual Sessions& sessions() = 0;
    virtual Invitations& invitations() = 0;
    virtual Attempts& attempts() = 0;
    virtual AuditLog& audit_log() = 0;
    virtual UsageReports& usage_reports() = 0;

    /// The registry of nodes; nullptr for an engine that serves one node alone.
    virtual Fleet* fleet() { return nullptr; }

    /// The names of the migrations that opening it applied, in order.
    virtual const std::vector<std::string>& applied_migrations() const = 0;
};

} // namespace tollgate::ports
