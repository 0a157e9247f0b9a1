// Task<T>: a coroutine on a worker's event loop. It begins when it is awaited, resumes whoever awaits it
// without a turn of the loop, and its frame comes from the thread's store (docs/decisions/0031). Owned by the
// expression that awaits it, or by spawn(); one thread.
#pragma once

#include "tollgate/runtime/frame_store.hpp"

#include <boost/asio/io_context.hpp>

#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace tollgate::runtime {

using Loop = boost::asio::io_context;
using Executor = Loop::executor_type;

template <class T = void>
class Task;

/// What every task's promise has, whatever it returns.
class PromiseBase {
public:
    static void* operator new(std::size_t size) { return take_frame(size); }
    static void operator delete(void* frame, std::size_t size) noexcept { give_back_frame(frame, size); }

    std::suspend_always initial_suspend() const noexcept { return {}; }

    /// Goes on with whoever awaits the task.
    struct FinalAwaiter {
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
            return ended.promise().continuation_;
        }
        void await_resume() const noexcept {}
    };
    FinalAwaiter final_suspend() const noexcept { return {}; }

    void unhandled_exception() noexcept { escaped_ = std::current_exception(); }

    /// The loop that the task runs on; whoever awaits it says so.
    Loop& loop() const { return *loop_; }
    void follow(Loop& loop, std::coroutine_handle<> continuation) {
        loop_ = &loop;
        continuation_ = continuation;
    }

protected:
    void rethrow() const {
        if (escaped_) std::rethrow_exception(escaped_);
    }

private:
    Loop* loop_ = nullptr;
    std::coroutine_handle<> continuation_ = std::noop_coroutine();
    std::exception_ptr escaped_;
};

template <class T>
class Promise final : public PromiseBase {
public:
    Task<T> get_return_object() noexcept; // style(function-names): the language's name
    template <class Value = T>
        requires std::is_constructible_v<T, Value&&>
    void return_value(Value&& value) {
        value_.emplace(std::forward<Value>(value));
    }
    T take_result() {
        rethrow();
        return std::move(*value_);
    }

private:
    std::optional<T> value_;
};

template <>
class Promise<void> final : public PromiseBase {
public:
    Task<void> get_return_object() noexcept; // style(function-names): the language's name
    void return_void() const noexcept {}
    void take_result() const { rethrow(); }
};

template <class T>
class [[nodiscard]] Task {
public:
    using promise_type = Promise<T>;

    explicit Task(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
    Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    Task& operator=(Task&&) = delete;
    ~Task() {
        if (frame_) frame_.destroy();
    }

    class Awaiter {
    public:
        explicit Awaiter(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
        bool await_ready() const noexcept { return false; }
        template <class Awaiting>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Awaiting> awaiting) const noexcept {
            frame_.promise().follow(awaiting.promise().loop(), awaiting);
            return frame_;
        }
        T await_resume() const { return frame_.promise().take_result(); }

    private:
        std::coroutine_handle<promise_type> frame_;
    };
    // style(co-await): this defines the operator
    Awaiter operator co_await() && noexcept { return Awaiter(frame_); }

private:
    std::coroutine_handle<promise_type> frame_;
};

template <class T> // style(function-names): the language's name
Task<T> Promise<T>::get_return_object() noexcept {
    return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}

// style(function-names): the language's name
inline Task<void> Promise<void>::get_return_object() noexcept {
    return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

} // namespace tollgate::runtime
