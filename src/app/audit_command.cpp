#include "app/audit_command.hpp"

namespace tollgate::app {

void audit_command(ports::Storage& storage, Terminal& terminal, std::string_view action,
                   const std::string& target) {
    const ports::AuditEntry entry{.at = terminal.now,
                                  .actor = "command line",
                                  .action = std::string(action),
                                  .target = target,
                                  .address = "local"};
    const auto written = storage.audit_log().append(entry);
    if (!written) terminal.error << "The audit log was not written: " << written.error().message << '\n';
}

} // namespace tollgate::app
