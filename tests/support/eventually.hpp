// Waits for what another process does in its own time: looks again and again until it has happened.
#pragma once

#include <chrono>
#include <thread>

namespace tollgate::testing {

/// Looks at `condition` every few milliseconds; false: it did not hold within `limit`.
template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds limit = std::chrono::seconds(20)) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() >= end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

} // namespace tollgate::testing
