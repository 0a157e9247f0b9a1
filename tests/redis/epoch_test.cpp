// What is on its way while one epoch gives way to the next must not be counted in neither.
#include "support/redis_fixture.hpp"
#include "support/redis_server.hpp"
#include "support/task_runner.hpp"
#include "tollgate/runtime/clock.hpp"

namespace tollgate::tests {

namespace {

using namespace std::chrono_literals;
using base::Money;
using domain::Decision;

constexpr std::int64_t cap = 1'000'000;
const std::string purse_name = "budget:key_1:total";

class Epochs : public ::testing::Test {
protected:
    Epochs() { share_.join(1); }

    storage::RedisSettings settings() const {
        auto result = *storage::parse_redis_url("redis://" + server_.address());
        result.command_time = 5s;
        return result;
    }

    static domain::Demand demand(std::int64_t bound) {
        return {
            .id = base::new_request_id(base::WallTime{}),
            .key_id = base::KeyId("key_1"),
            .account_id = base::AccountId("acc_1"),
            .generation = 1,
            .is_just_read = true,
            .rate_limit = 1'000,
            .purses = {{.kind = domain::PurseKind::budget, .name = purse_name, .cap = Money::of_micros(cap)}},
            .bound = Money::of_micros(bound),
            .minimum = Money::of_micros(bound),
            .lease = 900s,
            .now = runtime::steady_now()};
    }

    /// As the line does it: nothing is spent in the books.
    runtime::Task<base::Result<Decision>> ask(domain::Demand demand) {
        for (;;) {
            auto decision = co_await share_.quota().reserve(demand);
            const auto* cold = decision ? std::get_if<domain::Cold>(&*decision) : nullptr;
            if (cold == nullptr) co_return decision;
            const domain::PurseTotal nothing{purse_name, Money()};
            const auto warmed = co_await share_.quota().warm(demand.account_id, nothing, cold->epoch);
            if (!warmed) co_return std::unexpected(warmed.error());
        }
    }
    bool is_granted(const domain::Demand& what) {
        const auto decision = run_task(worker_.loop(), ask(what));
        return decision && std::holds_alternative<domain::Grant>(*decision);
    }
    bool is_granted(std::int64_t bound) { return is_granted(demand(bound)); }

    testing::RedisServer server_;
    testing::TestWorker worker_;
    testing::RedisShareFixture share_{worker_.worker(), settings(), {}};
};

} // namespace

TEST_F(Epochs, AGrantThatArrivesInTheNextEpochIsAskedForAgainThere) {
    ASSERT_TRUE(is_granted(1)); // the purse is known
    server_.freeze();
    Outcome<base::Result<Decision>> outcome;
    runtime::spawn(worker_.loop(), keep_outcome(ask(demand(600'000)), outcome), "a test");
    worker_.settle();
    share_.begin_epoch(2, domain::QuotaHome::local);
    worker_.turn_until(
        [&] { return share_.has_joined(2); }); // it has told what it holds: this is not among it
    server_.thaw();
    worker_.turn_until([&] { return outcome.is_over; });
    ASSERT_TRUE(outcome.result.value());
    ASSERT_TRUE(std::holds_alternative<domain::Grant>(**outcome.result));
    EXPECT_TRUE(is_granted(400'000));
    EXPECT_FALSE(is_granted(1));
}

TEST_F(Epochs, ATotalThatIsOlderThanAConfirmationTakesNothingBack) {
    const auto call = demand(600'000);
    ASSERT_TRUE(is_granted(call));
    share_.join(2); // it is told of the call; the purse is not known there
    const auto fields = [this] { return std::stoi(server_.say({"HLEN", "tollgate:q:{acc_1}"})); };
    const int before = fields();
    share_.quota().settle({.id = call.id, .cost = Money::of_micros(600'000), .now = runtime::steady_now()});
    domain::UsageEvent event;
    event.request_id = call.id;
    event.cost = Money::of_micros(600'000);
    worker_.turn_until([&] { return fields() == before - 1; }); // the reservation is gone
    worker_.turn_until([&] { return share_.share().status().unconfirmed.load() == 1; });
    // Another node has read the books before they had the call, and brings that total after they have it.
    share_.share().counted(std::span(&event.request_id, 1),
                           std::vector<domain::PurseTotal>{{purse_name, event.cost}});
    worker_.turn_until([&] { return share_.share().status().unconfirmed.load() == 0; });
    EXPECT_FALSE(is_granted(400'001));
    EXPECT_TRUE(is_granted(400'000));
}

TEST_F(Epochs, ATotalThatWasReadInTheEpochBeforeTeachesNothing) {
    const auto call = demand(1);
    const auto unknown = run_task(worker_.loop(), share_.quota().reserve(call));
    const auto* cold = unknown ? std::get_if<domain::Cold>(&*unknown) : nullptr;
    ASSERT_NE(cold, nullptr);
    EXPECT_EQ(cold->epoch, 1);
    const domain::PurseTotal read_then{purse_name, Money()};
    share_.join(2); // other nodes' calls have reached the books in between, and are not told to it
    ASSERT_TRUE(run_task(worker_.loop(), share_.quota().warm(call.account_id, read_then, cold->epoch)));
    const auto decision = run_task(worker_.loop(), share_.quota().reserve(call));
    ASSERT_TRUE(decision);
    EXPECT_TRUE(std::holds_alternative<domain::Cold>(*decision));
}

TEST_F(Epochs, OneThatMayBeMarkedAlreadyIsNotMarkedAgain) {
    server_.say({"CLIENT", "PAUSE", "60000", "WRITE"});
    share_.begin_epoch(2);
    worker_.turn_until(
        [this] { return server_.say({"INFO", "clients"}).find("blocked_clients:1") != std::string::npos; });
    EXPECT_EQ(share_.share().status().lost.load(), 0);
    server_.say({"CLIENT", "KILL", "TYPE", "normal"});
    worker_.turn_until([this] { return share_.share().status().lost.load() == 2; });
    server_.say({"CLIENT", "UNPAUSE"});
    worker_.turn_until([this] { return share_.share().status().is_up.load(); });
    const auto soon = runtime::steady_now() + 200ms;
    worker_.turn_until([&] { return runtime::steady_now() > soon; });
    EXPECT_FALSE(share_.has_joined(2));
    share_.join(3);
    EXPECT_TRUE(is_granted(1));
}

TEST_F(Epochs, ACallInFlightBringsNoGenerationOfItsKeyIntoTheNextEpoch) {
    ASSERT_TRUE(is_granted(1));
    server_.say({"FLUSHALL"}); // with it whatever was said about the key
    worker_.turn_until([this] { return share_.share().status().lost.load() == 1; });
    share_.join(2); // it is told of the call
    auto cached = demand(1);
    cached.is_just_read = false;
    const auto decision = run_task(worker_.loop(), ask(cached));
    ASSERT_TRUE(decision) << decision.error().message;
    EXPECT_TRUE(std::holds_alternative<domain::Stale>(*decision));
}

} // namespace tollgate::tests
