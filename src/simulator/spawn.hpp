// The one place where the simulator starts coroutines.
#pragma once

#include "simulator/task.hpp"

namespace tollgate::simulator {

/// Starts it on the loop, from any thread. An exception that escapes is written to standard error and ends
/// only it.
void spawn(Loop& loop, Task<> task);

} // namespace tollgate::simulator
