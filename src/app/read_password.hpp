// A password from standard input: never an argument, which every user of the machine could see.
#pragma once

#include "app/terminal.hpp"
#include "tollgate/base/secret.hpp"

namespace tollgate::app {

/// The first line of a pipe; a person is asked twice, without echo. Error: invalid_field.
base::Result<base::Secret> read_password(Terminal& terminal);

} // namespace tollgate::app
