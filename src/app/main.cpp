#include "app/command_line.hpp"

#include <unistd.h>

#include <chrono>
#include <iostream>

int main(int argc, char** argv) {
    using namespace tollgate;
    app::Terminal terminal{
        .in = std::cin,
        .out = std::cout,
        .error = std::cerr,
        .input = ::isatty(STDIN_FILENO) == 1 ? app::Input::keyboard : app::Input::pipe,
        .environment = config::process_environment(),
        .now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())};
    return app::run({argv + 1, argv + argc}, terminal);
}
