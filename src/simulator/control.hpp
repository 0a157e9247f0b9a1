// The simulator's own paths: /__requests, /__requests/count, /__connections, /__health. For tests and people,
// not part of any provider.
#pragma once

#include "simulator/reply.hpp"
#include "simulator/service.hpp"

#include <string_view>

namespace tollgate::simulator {

bool is_control_path(std::string_view target);

/// Answers one of the paths above; 404 or 405 for the rest.
Reply answer_control(std::string_view method, std::string_view target, Service& service);

} // namespace tollgate::simulator
