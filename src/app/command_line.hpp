// The command line: reads the arguments, runs one command, answers the exit code.
#pragma once

#include "app/terminal.hpp"

#include <string>
#include <vector>

namespace tollgate::app {

/// `arguments` without the program's name. Answers 0 when done, 1 when it failed, 2 for a wrong usage or
/// configuration; results go to terminal.out, the rest to terminal.error.
int run(const std::vector<std::string>& arguments, Terminal& terminal);

} // namespace tollgate::app
