// One thread's event loop and what only that thread touches.
#pragma once

#include "simulator/prepared.hpp"
#include "simulator/task.hpp"

#include <string>

namespace tollgate::simulator {

struct Worker {
    Loop loop{1};
    PreparedCache cache;
    std::string key; // scratch, so that looking into the cache allocates nothing
};

} // namespace tollgate::simulator
