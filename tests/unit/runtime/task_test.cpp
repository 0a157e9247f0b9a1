#include "tollgate/runtime/task.hpp"

#include "support/task_runner.hpp"
#include "tollgate/runtime/sleep.hpp"
#include "tollgate/runtime/spawn.hpp"
#include "tollgate/runtime/wakeup.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace tollgate::runtime {

namespace {

Task<std::string> text_of(int number) {
    if (number < 0) throw std::invalid_argument("negative");
    co_return std::to_string(number);
}

Task<std::string> join(Loop& loop, int first, int second) {
    std::string left = co_await text_of(first);
    co_await pause(loop, std::chrono::milliseconds(1));
    const std::string right = co_await text_of(second);
    co_return left + right;
}

Task<int> count_down(int from) {
    if (from == 0) co_return 0;
    const int rest = co_await count_down(from - 1);
    co_return rest + 1;
}

Task<std::size_t> turn_often(std::size_t turns) {
    std::size_t sum = 0;
    for (std::size_t turn = 0; turn < turns; ++turn) {
        const int one = co_await count_down(1);
        sum += static_cast<std::size_t>(one);
    }
    co_return sum;
}

Task<std::unique_ptr<int>> make_only_movable() {
    co_return std::make_unique<int>(5);
}

Task<> sleep_holding(Wakeup& wakeup, std::shared_ptr<int> held, std::vector<std::string>& steps) {
    steps.push_back("asleep");
    co_await wakeup.wait();
    steps.push_back("awake " + std::to_string(*held));
}

} // namespace

TEST(Task, GivesItsResultToWhoeverAwaitsIt) {
    Loop loop;
    EXPECT_EQ(tests::run_task(loop, join(loop, 12, 34)), "1234");
    const auto made = tests::run_task(loop, make_only_movable());
    ASSERT_NE(made, nullptr);
    EXPECT_EQ(*made, 5);
}

TEST(Task, PassesAnExceptionThroughEveryFrame) {
    Loop loop;
    EXPECT_THROW(tests::run_task(loop, join(loop, -1, 2)), std::invalid_argument);
    EXPECT_THROW(tests::run_task(loop, join(loop, 1, -2)), std::invalid_argument);
}

TEST(Task, NeedsNoStackForTasksThatEndAtOnce) {
    Loop loop;
    EXPECT_EQ(tests::run_task(loop, turn_often(1'000'000)), 1'000'000u);
}

TEST(Task, ThatIsNeverAwaitedFreesItsArguments) {
    const auto held = std::make_shared<int>(1);
    Wakeup wakeup;
    std::vector<std::string> steps;
    {
        const auto unused = sleep_holding(wakeup, held, steps);
        EXPECT_EQ(held.use_count(), 2);
    }
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_TRUE(steps.empty());
}

TEST(Spawn, RunsATaskOnItsLoopToTheEnd) {
    Loop loop;
    Wakeup wakeup;
    std::vector<std::string> steps;
    const auto held = std::make_shared<int>(7);
    spawn(loop, sleep_holding(wakeup, held, steps), "a test");
    EXPECT_TRUE(steps.empty()) << "it begins on the loop's thread";
    loop.run();
    EXPECT_EQ(steps.size(), 1u);
    EXPECT_TRUE(wakeup.has_sleeper());
    wakeup.wake();
    EXPECT_EQ(steps.size(), 1u) << "wake() only posts";
    loop.restart();
    loop.run();
    EXPECT_EQ(steps.back(), "awake 7");
    EXPECT_EQ(held.use_count(), 1);
}

TEST(Spawn, FreesTasksThatStillWaitWhenTheLoopDies) {
    const auto held = std::make_shared<int>(7);
    Wakeup begun;
    Wakeup unbegun;
    std::vector<std::string> steps;
    {
        Loop loop;
        spawn(loop, sleep_holding(begun, held, steps), "a test");
        loop.run();
        spawn(loop, sleep_holding(unbegun, held, steps), "a test");
        EXPECT_EQ(held.use_count(), 3);
    }
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_EQ(steps.size(), 1u);
}

TEST(Spawn, LetsNoExceptionOut) {
    Loop loop;
    auto failing = [](Loop& on) -> Task<> { const std::string never = co_await join(on, 1, -1); };
    spawn(loop, failing(loop), "a test");
    EXPECT_NO_THROW(loop.run());
}

TEST(Wakeup, KeepsAWakeThatCameBeforeTheSleep) {
    Loop loop;
    Wakeup wakeup;
    std::vector<std::string> steps;
    wakeup.wake();
    wakeup.wake_inline();
    const auto held = std::make_shared<int>(1);
    spawn(loop, sleep_holding(wakeup, held, steps), "a test");
    loop.run();
    EXPECT_EQ(steps, (std::vector<std::string>{"asleep", "awake 1"}));
}

} // namespace tollgate::runtime
