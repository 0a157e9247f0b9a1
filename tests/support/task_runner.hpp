// Runs a task of an event loop to its end inside a plain test. For tests only: the one place there that
// spawns.
#pragma once

#include "tollgate/runtime/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <optional>
#include <utility>

namespace tollgate::tests {

/// What the task returned; what it threw. The loop may have other work, which goes on meanwhile.
template <class T>
T run_task(runtime::Loop& loop, runtime::Task<T> task) {
    std::optional<T> result;
    std::exception_ptr fault;
    boost::asio::co_spawn(loop, std::move(task), [&](std::exception_ptr thrown, T value) {
        fault = thrown;
        result.emplace(std::move(value));
    });
    loop.restart();
    while (!result && loop.run_one() > 0) {
    }
    if (fault) std::rethrow_exception(fault);
    return std::move(result).value();
}

} // namespace tollgate::tests
