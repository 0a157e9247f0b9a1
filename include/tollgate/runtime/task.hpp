// Task<T>: a coroutine on a worker's event loop. The executor's type is concrete, so nothing is type-erased.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tollgate::runtime {

using Loop = boost::asio::io_context;
using Executor = Loop::executor_type;

template <class T = void>
using Task = boost::asio::awaitable<T, Executor>;

/// Completion token of every operation that a Task awaits.
using UseTask = boost::asio::use_awaitable_t<Executor>;
inline constexpr UseTask use_task{};

} // namespace tollgate::runtime
