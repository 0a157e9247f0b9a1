// The only clocks that the line reads; pure parts get `now` as a parameter.
#pragma once

#include "tollgate/base/time.hpp"

namespace tollgate::runtime {

inline base::SteadyTime steady_now() {
    return std::chrono::steady_clock::now();
}

inline base::WallTime wall_now() {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

} // namespace tollgate::runtime
