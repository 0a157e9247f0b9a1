// The only way to start a coroutine that nobody awaits. It takes values or references to things of the
// process's life.
#pragma once

#include "tollgate/runtime/task.hpp"

#include <string_view>

namespace tollgate::runtime {

/// Runs `task` on `loop`. What escapes from it as an exception is a bug: it is logged under `name` and ends
/// the task. `name` must outlive the task: a literal.
void spawn(Loop& loop, Task<> task, std::string_view name);

} // namespace tollgate::runtime
