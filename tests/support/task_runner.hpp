// Runs a task of an event loop to its end inside a plain test. For tests only: the one place there that
// spawns.
#pragma once

#include "tollgate/runtime/spawn.hpp"
#include "tollgate/runtime/task.hpp"

#include <exception>
#include <optional>
#include <utility>

namespace tollgate::tests {

template <class T>
struct Outcome {
    std::optional<T> result{};
    std::exception_ptr fault{};
    bool is_over = false;
};

template <class T>
runtime::Task<> keep_outcome(runtime::Task<T> task, Outcome<T>& outcome) {
    try {
        T result = co_await std::move(task);
        outcome.result.emplace(std::move(result));
    } catch (...) {
        outcome.fault = std::current_exception();
    }
    outcome.is_over = true;
}

/// What the task returned; what it threw. The loop may have other work, which goes on meanwhile.
template <class T>
T run_task(runtime::Loop& loop, runtime::Task<T> task) {
    Outcome<T> outcome;
    runtime::spawn(loop, keep_outcome(std::move(task), outcome), "a test");
    loop.restart();
    while (!outcome.is_over && loop.run_one() > 0) {
    }
    if (outcome.fault) std::rethrow_exception(outcome.fault);
    return std::move(outcome.result).value();
}

} // namespace tollgate::tests
