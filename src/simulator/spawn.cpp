#include "simulator/spawn.hpp"

#include <boost/asio/co_spawn.hpp>

#include <cstdio>
#include <exception>

namespace tollgate::simulator {

namespace {

void report(const std::exception_ptr& escaped) {
    if (!escaped) return;
    try {
        std::rethrow_exception(escaped);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "tollgate-simulator: a connection was dropped: %s\n", error.what());
    }
}

} // namespace

void spawn(Loop& loop, Task<> task) {
    asio::co_spawn(loop.get_executor(), std::move(task), [](std::exception_ptr escaped) { report(escaped); });
}

} // namespace tollgate::simulator
