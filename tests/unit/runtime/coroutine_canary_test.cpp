// The compiler canary: some compilers destroy temporaries of co_await expressions twice, or never (GCC 12,
// bug 101367; GCC 15, bug 124584). Counts what is made and destroyed across the forms in which people write
// co_await, the ones that we avoid included, and fails loudly where the counts differ (docs/decisions/0004).
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <tuple>
#include <utility>

namespace tollgate::runtime {
namespace {

namespace asio = boost::asio;

template <class T = void>
using Awaited = asio::awaitable<T>;

int alive = 0;
int destroyed = 0;

struct Counted {
    Counted() { ++alive; }
    explicit Counted(int start) : value(start) { ++alive; }
    Counted(const Counted& other) : value(other.value) { ++alive; }
    Counted(Counted&& other) noexcept : value(std::exchange(other.value, -1)) { ++alive; }
    Counted& operator=(const Counted&) = default;
    Counted& operator=(Counted&&) = default;
    ~Counted() {
        --alive;
        ++destroyed;
    }
    int value = 0;
};

struct Aggregate {
    Counted counted;
    std::string text;
};

Awaited<> hop() {
    co_await asio::post(asio::use_awaitable);
}

Awaited<int> by_value(Aggregate given) {
    co_await hop();
    co_return given.counted.value;
}

Awaited<int> by_reference(const Aggregate& given) {
    co_await hop();
    co_return given.counted.value;
}

Awaited<int> call(std::function<int()> function) {
    co_await hop();
    co_return function();
}

Awaited<int> call_by_reference(const auto& function) {
    co_await hop();
    co_return function();
}

Awaited<Counted> make(int value) {
    co_await hop();
    co_return Counted(value);
}

Awaited<std::tuple<int, Counted>> make_pair(int value) {
    co_await hop();
    co_return std::tuple<int, Counted>(value, Counted(value));
}

Awaited<int> fail(Aggregate given) {
    co_await hop();
    if (given.counted.value >= 0) throw given.counted.value;
    co_return 0;
}

int yes() {
    return 1;
}

// Runs one coroutine to its end: what it yields must be right, and everything made must be destroyed exactly
// once.
template <class Coroutine>
void expect_balanced(Coroutine coroutine, int want) {
    alive = 0;
    int got = -1;
    asio::io_context loop;
    auto receive = [&got](std::exception_ptr error, int value) { got = error ? -2 : value; };
    asio::co_spawn(loop, coroutine(), receive);
    loop.run();
    EXPECT_EQ(got, want);
    EXPECT_EQ(alive, 0) << (alive < 0 ? "destroyed twice" : "never destroyed")
                        << ": do not use this compiler";
}

const std::string long_text(64, 'x'); // longer than the small-string buffer, so that a double free shows

// The forms that the code is written in.

Awaited<int> named_and_moved() {
    Aggregate given{Counted(7), long_text};
    const int value = co_await by_value(std::move(given));
    co_return value;
}

Awaited<int> named_reference() {
    const Aggregate given{Counted(7), long_text};
    co_return co_await by_reference(given);
}

Awaited<int> result_by_value() {
    const Counted counted = co_await make(7);
    co_return counted.value;
}

Awaited<int> assigned_result() {
    Counted counted(1);
    counted = co_await make(7);
    co_return counted.value;
}

Awaited<int> moved_function() {
    Counted counted(7);
    std::function<int()> function = [counted] { return counted.value; };
    co_return co_await call(std::move(function));
}

Awaited<int> exception_passes() {
    Aggregate given{Counted(7), long_text};
    try {
        co_return co_await fail(std::move(given));
    } catch (int value) {
        co_return value;
    }
}

Awaited<int> loop_with_continue() {
    int sum = 0;
    for (int i = 0; i < 7; ++i) {
        const Counted counted = co_await make(i);
        if (counted.value % 2 == 0) continue;
        sum += counted.value;
    }
    co_return sum;
}

TEST(CoroutineCanary, FormsThatWeUseDestroyEverythingOnce) {
    expect_balanced(named_and_moved, 7);
    expect_balanced(named_reference, 7);
    expect_balanced(result_by_value, 7);
    expect_balanced(assigned_result, 7);
    expect_balanced(moved_function, 7);
    expect_balanced(exception_passes, 7);
    expect_balanced(loop_with_continue, 9);
}

// The forms that we avoid: the compiler we ship with must get them right all the same, because nobody can
// promise that a library's header avoids them.

Awaited<int> aggregate_temporary() {
    // style(co-await): the form under test
    co_return co_await by_value(Aggregate{Counted(7), long_text});
}

Awaited<int> aggregate_temporary_by_reference() {
    // style(co-await): the form under test
    co_return co_await by_reference(Aggregate{Counted(7), long_text});
}

Awaited<int> braced_temporary() {
    // style(co-await): the form under test
    co_return co_await by_value({Counted(7), long_text});
}

Awaited<int> capturing_lambda_temporary() {
    const Counted counted(7);
    // style(co-await): the form under test
    co_return co_await call([counted] { return counted.value; });
}

Awaited<int> capturing_lambda_by_reference() {
    const Counted counted(7);
    // style(co-await): the form under test
    co_return co_await call_by_reference([counted] { return counted.value; });
}

Awaited<int> ternary() {
    // style(co-await): the form under test
    co_return yes() == 1 ? co_await by_value(Aggregate{Counted(7), long_text}) : 0;
}

Awaited<int> condition() {
    // style(co-await): the form under test
    if (co_await by_value(Aggregate{Counted(7), long_text}) == 7) co_return 7;
    co_return 0;
}

Awaited<int> structured_binding() {
    // style(co-await): the form under test
    auto [number, counted] = co_await make_pair(7);
    co_return number == counted.value ? counted.value : 0;
}

Awaited<int> member_of_a_temporary() {
    // style(co-await): the form under test
    co_return (co_await make(7)).value;
}

Awaited<int> nested_calls() {
    // style(co-await): the form under test
    co_return co_await by_value(Aggregate{co_await make(7), long_text});
}

TEST(CoroutineCanary, FormsThatWeAvoidDestroyEverythingOnceToo) {
    expect_balanced(aggregate_temporary, 7);
    expect_balanced(aggregate_temporary_by_reference, 7);
    expect_balanced(braced_temporary, 7);
    expect_balanced(capturing_lambda_temporary, 7);
    expect_balanced(capturing_lambda_by_reference, 7);
    expect_balanced(ternary, 7);
    expect_balanced(condition, 7);
    expect_balanced(structured_binding, 7);
    expect_balanced(member_of_a_temporary, 7);
    expect_balanced(nested_calls, 7);
}

TEST(CoroutineCanary, NothingIsDestroyedBeforeTheCoroutineThatHoldsItHasEnded) {
    alive = 0;
    destroyed = 0;
    asio::io_context loop;
    asio::co_spawn(loop, named_and_moved(), asio::detached);
    while (alive == 0) loop.run_one();
    const int made = alive; // at least the moved-from local and the parameter, while by_value waits
    EXPECT_GE(made, 2);
    EXPECT_EQ(destroyed, 0);
    loop.run();
    EXPECT_EQ(alive, 0);
    EXPECT_EQ(destroyed, made);
}

} // namespace
} // namespace tollgate::runtime
