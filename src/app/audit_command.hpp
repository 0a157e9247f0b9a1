// Changes by the command line go into the audit log like those by the dashboard.
#pragma once

#include "app/terminal.hpp"
#include "tollgate/ports/storage.hpp"

#include <string>
#include <string_view>

namespace tollgate::app {

/// A log that cannot be written does not undo what was done: the terminal is told.
void audit_command(ports::Storage& storage, Terminal& terminal, std::string_view action,
                   const std::string& target);

} // namespace tollgate::app
