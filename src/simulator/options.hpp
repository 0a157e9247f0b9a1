// The command line of tollgate-simulator.
#pragma once

#include "simulator/settings.hpp"

#include <expected>
#include <string>

namespace tollgate::simulator {

struct Options {
    Settings settings;
    bool quiet = false;
};

/// What the program prints instead of running, and its exit status: help (0) or a complaint (2).
struct Exit {
    int status = 0;
    std::string text{};
};

std::expected<Options, Exit> parse_options(int argc, const char* const* argv);

} // namespace tollgate::simulator
