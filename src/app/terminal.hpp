// What a command reads from and writes to, so that tests can call it without a process. Owned by main; one
// thread.
#pragma once

#include "tollgate/base/time.hpp"
#include "tollgate/config/load_config.hpp"

#include <istream>
#include <ostream>

namespace tollgate::app {

/// Who is at the other end of standard input: a person is asked, a pipe is read.
enum class Input { keyboard, pipe };

struct Terminal {
    std::istream& in;
    std::ostream& out;   // results
    std::ostream& error; // everything that is not a result
    Input input = Input::pipe;
    config::Environment environment{};
    base::WallTime now{};
};

} // namespace tollgate::app
