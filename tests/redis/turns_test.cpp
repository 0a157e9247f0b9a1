// What comes in one turn of the loop leaves in one command for each account, and what becomes of that command
// becomes of each of its steps.
#include "support/redis_fixture.hpp"
#include "support/redis_server.hpp"
#include "support/task_runner.hpp"
#include "tollgate/runtime/clock.hpp"

#include <gtest/gtest.h>

namespace tollgate::tests {

namespace {

using namespace std::chrono_literals;
using base::Money;
using domain::Decision;
using domain::Demand;
using Waiting = Outcome<base::Result<Decision>>;

class Turns : public ::testing::Test {
protected:
    Turns() { share_.join(1); }

    storage::RedisSettings settings() const {
        auto result = *storage::parse_redis_url("redis://" + server_.address());
        result.command_time = 5s;
        return result;
    }

    static Demand demand(const std::string& account, std::int64_t bound) {
        Demand demand{.id = base::new_request_id(base::WallTime{}),
                      .key_id = base::KeyId("key_1"),
                      .account_id = base::AccountId(account),
                      .generation = 1,
                      .is_just_read = true,
                      .rate_limit = 1'000,
                      .lease = 900s,
                      .now = runtime::steady_now()};
        if (bound > 0) {
            demand.purses = {{.name = "budget:key_1:total", .cap = Money::of_micros(1'000)}};
            demand.bound = demand.minimum = Money::of_micros(bound);
        }
        return demand;
    }

    void start(const Demand& what) {
        waiting_.push_back(std::make_unique<Waiting>());
        runtime::spawn(worker_.loop(), keep_outcome(ask(what), *waiting_.back()), "a test");
    }
    void wait() {
        worker_.turn_until([this] { return std::ranges::all_of(waiting_, &is_over); });
    }
    static bool is_over(const std::unique_ptr<Waiting>& each) { return each->is_over; }

    template <class What>
    std::ptrdiff_t count() const {
        return std::ranges::count_if(waiting_, [](const auto& each) {
            return each->result && *each->result && std::holds_alternative<What>(**each->result);
        });
    }
    void settle(const Demand& what) { share_.quota().settle({.id = what.id, .now = runtime::steady_now()}); }

    /// Scripts that the server has run.
    int scripts() const {
        const std::string stats = server_.say({"INFO", "commandstats"});
        const std::string name = "cmdstat_evalsha:calls=";
        const auto place = stats.find(name);
        return place == std::string::npos ? 0 : std::stoi(stats.substr(place + name.size()));
    }

    testing::RedisServer server_;
    testing::TestWorker worker_;
    testing::RedisShareFixture share_{worker_.worker(), settings(), {}};
    std::vector<std::unique_ptr<Waiting>> waiting_;

private:
    runtime::Task<base::Result<Decision>> ask(Demand what) {
        co_return co_await share_.quota().reserve(what);
    }
};

} // namespace

TEST_F(Turns, DemandsAndEndsOfOneTurnAreOneScript) {
    std::vector<Demand> calls;
    for (int i = 0; i < 20; ++i) calls.push_back(demand("acc_1", 0));
    const int before = scripts();
    for (const Demand& call : calls) start(call);
    wait();
    EXPECT_EQ(count<domain::Grant>(), 20);
    EXPECT_EQ(scripts(), before + 1);
    for (int i = 0; i < 20; ++i) start(demand("acc_1", 0)); // when the loop turns, and in the same turn
    worker_.worker().post(
        [&] { std::ranges::for_each(calls, [this](const Demand& call) { settle(call); }); });
    wait();
    EXPECT_EQ(count<domain::Grant>(), 40);
    EXPECT_EQ(scripts(), before + 2);
}

TEST_F(Turns, AScriptHasOneAccountAndABoundedNumberOfSteps) {
    const int before = scripts();
    for (int i = 0; i < 65; ++i) start(demand("acc_1", 0));
    start(demand("acc_2", 0));
    wait();
    EXPECT_EQ(count<domain::Grant>(), 66);
    EXPECT_EQ(scripts(), before + 3);
}

TEST_F(Turns, ARepeatInTheSameTurnGetsTheSameAnswer) {
    const Demand call = demand("acc_1", 0);
    start(call);
    start(call);
    wait();
    EXPECT_EQ(count<domain::Grant>(), 2);
    const auto remaining = [this](std::size_t index) {
        return std::get<domain::Grant>(**waiting_[index]->result).numbers.requests_remaining;
    };
    EXPECT_EQ(remaining(0), 999);
    EXPECT_EQ(remaining(1), 999);
}

TEST_F(Turns, WhatIsRefusedLeavesTheOthersAlone) {
    const domain::PurseTotal nothing{"budget:key_1:total", Money()};
    const base::AccountId account("acc_1");
    ASSERT_TRUE(run_task(worker_.loop(), share_.quota().warm(account, nothing, 1)));
    start(demand("acc_1", 600));
    start(demand("acc_1", 600)); // more than is left
    Demand old = demand("acc_1", 100);
    old.generation = 0;
    start(old);
    Demand cold = demand("acc_1", 100);
    cold.purses[0].name = "unknown";
    start(cold);
    start(demand("acc_1", 400));
    wait();
    EXPECT_EQ(count<domain::Grant>(), 2);
    EXPECT_EQ(count<domain::Refusal>(), 1);
    EXPECT_EQ(count<domain::Stale>(), 1);
    EXPECT_EQ(count<domain::Cold>(), 1);
}

TEST_F(Turns, AServerThatForgotTheScriptIsGivenItsTextForAllSteps) {
    server_.say({"SCRIPT", "FLUSH"});
    for (int i = 0; i < 10; ++i) start(demand("acc_1", 0));
    wait();
    EXPECT_EQ(count<domain::Grant>(), 10);
}

TEST_F(Turns, EndsThatTheServerDidNotTakeAreSaidAgain) {
    std::vector<Demand> calls;
    for (int i = 0; i < 10; ++i) calls.push_back(demand("acc_1", 0));
    for (const Demand& call : calls) start(call);
    wait();
    server_.say({"CLIENT", "KILL", "TYPE", "normal"}); // the worker does not know yet
    for (const Demand& call : calls) settle(call);
    worker_.turn_until([this] { return share_.share().status().unconfirmed.load() == 0; });
    Demand all = demand("acc_1", 0);
    all.account_concurrency = 1;
    start(all);
    wait();
    EXPECT_EQ(count<domain::Grant>(), 11);
}

TEST_F(Turns, AReservationThatIsOnItsWayWhenTheWorkerEndsHoldsNobodyUp) {
    start(demand("acc_1", 0)); // and the fixture goes before the loop has turned
}

} // namespace tollgate::tests
