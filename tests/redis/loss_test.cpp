// What Redis loses must never become money: nodes with calls in flight, and a Redis that forgets, dies,
// freezes, is rolled back or begins to evict. After every step, what was granted and what was spent stays
// within the budget.
#include "redis/redis_nodes.hpp"
#include "support/eventually.hpp"

#include <random>
#include <thread>

namespace tollgate::tests {

namespace {

using namespace std::chrono_literals;
using base::Money;
using domain::Decision;
using domain::Demand;
using testing::eventually;

constexpr std::int64_t cap = 1'000'000;
const std::string purse_name = "budget:key_1:total";

Money micros(std::int64_t amount) {
    return Money::of_micros(amount);
}

storage::RedisSettings settings_for(const testing::RedisServer& server) {
    auto settings = *storage::parse_redis_url("redis://" + server.address());
    settings.command_time = 500ms; // the machine may be busy
    return settings;
}

struct Open {
    std::size_t node = 0;
    base::RequestId id{};
    Money granted{};
};

class Loss : public ::testing::Test {
protected:
    explicit Loss(std::vector<std::string> options = {}) : server_(std::move(options)) {}

    void start_nodes(int count) {
        for (int i = 0; i < count; ++i) {
            nodes_.push_back(
                std::make_unique<RedisNode>("node" + std::to_string(i), settings_for(server_), fleet_));
        }
        ASSERT_TRUE(settle_down());
    }

    /// Until every node counts in a complete epoch of this home.
    bool settle_down(domain::QuotaHome home = domain::QuotaHome::shared) {
        return eventually([&] {
            return std::ranges::all_of(nodes_, [&](const auto& node) {
                const auto summary = node->summary();
                return summary.is_complete && summary.epoch == nodes_[0]->summary().epoch &&
                       summary.is_local == (home == domain::QuotaHome::local);
            });
        });
    }

    static Demand demand_of(std::int64_t bound) {
        return Demand{.id = base::new_request_id(base::WallTime{}),
                      .key_id = base::KeyId("key_1"),
                      .account_id = base::AccountId("acc_1"),
                      .generation = 1,
                      .is_just_read = true,
                      .rate_limit = 1'000'000,
                      .purses = {{.kind = domain::PurseKind::budget, .name = purse_name, .cap = micros(cap)}},
                      .bound = micros(bound),
                      .minimum = micros(bound),
                      .lease = 900s};
    }

    /// As the line does it: ask, warm what is unknown, ask again.
    base::Result<Decision> ask(std::size_t node, std::int64_t bound) {
        const Demand demand = demand_of(bound);
        for (int tries = 0; tries < 5; ++tries) {
            auto decision = nodes_[node]->reserve(demand);
            if (decision && std::holds_alternative<domain::Grant>(*decision)) {
                open_.push_back({node, demand.id, std::get<domain::Grant>(*decision).amount});
            }
            const auto* cold = decision ? std::get_if<domain::Cold>(&*decision) : nullptr;
            if (cold == nullptr) return decision;
            const domain::PurseTotal total{purse_name, ledger_.total(purse_name)};
            const auto warmed = nodes_[node]->warm(demand.account_id, total, cold->epoch);
            if (!warmed) return std::unexpected(warmed.error());
        }
        return base::fail(base::ErrorCode::storage_unavailable, base::ErrorSource::storage, "no end");
    }
    bool is_granted(std::size_t node, std::int64_t bound) {
        const auto decision = ask(node, bound);
        return decision && std::holds_alternative<domain::Grant>(*decision);
    }

    /// The call ends; the ledger has it at once or later.
    void end(std::size_t index, std::int64_t cost,
             bool reaches_ledger) { // style(bool-parameter): a test's own choice
        const Open call = open_[index];
        open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(index));
        domain::UsageEvent event;
        event.request_id = call.id;
        event.key_id = base::KeyId("key_1");
        event.account_id = base::AccountId("acc_1");
        event.cost = micros(cost);
        spent_ += event.cost;
        nodes_[call.node]->settle({.id = call.id, .cost = event.cost, .now = runtime::steady_now()});
        waiting_.push_back({call.node, event});
        if (reaches_ledger) flush();
    }
    void flush() {
        for (const auto& [node, event] : waiting_)
            nodes_[node]->counted({event}, {ledger_.add(event, purse_name)});
        waiting_.clear();
    }

    Money in_use() const {
        Money sum = spent_;
        for (const Open& call : open_) sum += call.granted;
        return sum;
    }

    testing::RedisServer server_;
    testing::MemoryFleet fleet_{runtime::steady_now};
    SimpleLedger ledger_;
    std::vector<std::unique_ptr<RedisNode>> nodes_;
    std::vector<Open> open_;
    std::vector<std::pair<std::size_t, domain::UsageEvent>> waiting_;
    Money spent_{};
};

} // namespace

TEST_F(Loss, AFlushGivesNobodyWhatOtherNodesHold) {
    start_nodes(3);
    ASSERT_TRUE(is_granted(0, 400'000));
    ASSERT_TRUE(is_granted(1, 300'000));
    server_.say({"FLUSHALL"});
    EXPECT_TRUE(eventually([&] { return is_granted(2, 300'000); }));
    EXPECT_FALSE(is_granted(2, 1)); // not one unit more than is left
    EXPECT_LE(in_use(), micros(cap));
    end(0, 100'000, true);
    EXPECT_TRUE(eventually([&] { return is_granted(1, 300'000); }));
    EXPECT_FALSE(is_granted(0, 1));
}

TEST_F(Loss, WhatEndedAndIsNotInTheLedgerYetStaysCountedThroughAFlush) {
    start_nodes(2);
    ASSERT_TRUE(is_granted(0, 600'000));
    end(0, 600'000, false);
    server_.say({"FLUSHALL"});
    EXPECT_TRUE(eventually([&] { return is_granted(1, 400'000); }));
    EXPECT_FALSE(is_granted(1, 1));
    flush();
    EXPECT_FALSE(is_granted(0, 1));
    end(0, 0, true);
    EXPECT_TRUE(eventually([&] { return is_granted(1, 400'000); }));
    EXPECT_FALSE(is_granted(1, 1));
}

TEST_F(Loss, AKillWithoutPersistenceIsALossToo) {
    start_nodes(2);
    ASSERT_TRUE(is_granted(0, 700'000));
    server_.kill();
    server_.start();
    EXPECT_TRUE(eventually([&] { return is_granted(1, 300'000); }));
    EXPECT_FALSE(is_granted(1, 1));
}

TEST_F(Loss, WithoutRedisNodesShareWhatIsLeftAndTogetherNeverPassTheBudget) {
    start_nodes(3);
    ASSERT_TRUE(is_granted(0, 400'000));
    server_.kill();
    ASSERT_TRUE(settle_down(domain::QuotaHome::local));
    int granted = 0;
    for (std::size_t node = 0; node < 3; ++node) {
        granted += eventually([&] { return is_granted(node, 100'000); }) ? 1 : 0; // it may not have heard yet
        while (is_granted(node, 100'000)) ++granted;
    }
    EXPECT_EQ(granted, 6); // (1,000,000 - 400,000) / 3 for each
    EXPECT_LE(in_use(), micros(cap));
    server_.start();
    ASSERT_TRUE(settle_down());
    EXPECT_FALSE(is_granted(0, 1));
    end(0, 50'000, true);
    EXPECT_TRUE(eventually([&] { return is_granted(2, 350'000); }));
    EXPECT_FALSE(is_granted(2, 1));
}

TEST_F(Loss, AFrozenRedisHoldsNobodyUpAndForgetsNothing) {
    start_nodes(2);
    ASSERT_TRUE(is_granted(0, 400'000));
    server_.freeze();
    const auto begun = runtime::steady_now();
    Demand unlimited{.id = base::new_request_id(base::WallTime{}),
                     .key_id = base::KeyId("key_2"),
                     .account_id = base::AccountId("acc_2"),
                     .generation = 1,
                     .is_just_read = true,
                     .rate_limit = 100,
                     .lease = 900s};
    const auto decision = nodes_[0]->reserve(unlimited);
    ASSERT_TRUE(decision);
    EXPECT_TRUE(std::holds_alternative<domain::Grant>(*decision)); // counted locally
    EXPECT_LT(runtime::steady_now() - begun, 5s);
    ASSERT_TRUE(settle_down(domain::QuotaHome::local));
    EXPECT_TRUE(eventually([&] { return is_granted(1, 300'000); })); // its share of the 600,000 that are left
    EXPECT_FALSE(is_granted(1, 1));
    server_.thaw();
    ASSERT_TRUE(settle_down());
    EXPECT_TRUE(eventually([&] { return is_granted(0, 300'000); }));
    EXPECT_FALSE(is_granted(0, 1));
    EXPECT_LE(in_use(), micros(cap));
}

TEST_F(Loss, ABudgetedCallWaitsOutAServerThatIsBackSoon) {
    start_nodes(1);
    ASSERT_TRUE(is_granted(0, 400'000));
    server_.say({"CLIENT", "KILL", "TYPE", "normal"});
    const auto decision = ask(0, 300'000); // at once, while the connection is being made again
    ASSERT_TRUE(decision) << decision.error().message;
    EXPECT_TRUE(std::holds_alternative<domain::Grant>(*decision));
}

TEST_F(Loss, AStepWithoutAnAnswerIsAskedAgainAndHoldsItsMoneyOnce) {
    start_nodes(1);
    ASSERT_TRUE(is_granted(0, 400'000));
    server_.freeze();
    std::jthread thawing([this] {
        std::this_thread::sleep_for(900ms); // the step is given up after 500 ms, and not void yet
        server_.thaw();
    });
    const auto decision = ask(0, 300'000);
    ASSERT_TRUE(decision) << decision.error().message;
    ASSERT_TRUE(std::holds_alternative<domain::Grant>(*decision));
    EXPECT_TRUE(is_granted(0, 300'000));
    EXPECT_FALSE(is_granted(0, 1));
    end(1, 0, true);
    EXPECT_TRUE(eventually([&] { return is_granted(0, 300'000); })); // nothing of it is left behind
    EXPECT_FALSE(is_granted(0, 1));
}

TEST_F(Loss, ATurnWithoutAnAnswerIsAskedAgainAndHoldsItsMoneyOnce) {
    start_nodes(1);
    ASSERT_TRUE(is_granted(0, 200'000));
    server_.freeze();
    std::jthread thawing([this] {
        std::this_thread::sleep_for(900ms); // the turn is given up after 500 ms, and not void yet
        server_.thaw();
    });
    std::vector<std::future<base::Result<Decision>>> answers;
    for (int i = 0; i < 8; ++i) answers.push_back(nodes_[0]->start_reserve(demand_of(50'000)));
    for (auto& answer : answers) {
        const auto decision = answer.get();
        ASSERT_TRUE(decision) << decision.error().message;
        EXPECT_TRUE(std::holds_alternative<domain::Grant>(*decision));
    }
    EXPECT_TRUE(is_granted(0, 400'000));
    EXPECT_FALSE(is_granted(0, 1));
}

TEST_F(Loss, AScriptFlushCostsNothing) {
    start_nodes(1);
    ASSERT_TRUE(is_granted(0, 100'000));
    server_.say({"SCRIPT", "FLUSH"});
    ASSERT_TRUE(is_granted(0, 100'000));
    end(0, 50'000, true);
    EXPECT_TRUE(eventually([&] { return is_granted(0, 850'000); }));
    EXPECT_FALSE(is_granted(0, 1));
}

TEST_F(Loss, EvictionIsALossAndAServerThatEvictsIsNotUsed) {
    start_nodes(2);
    ASSERT_TRUE(is_granted(0, 600'000));
    server_.say({"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"}); // without a limit it evicts nothing
    server_.say({"CONFIG", "SET", "maxmemory", "1mb"}); // now it may, and throws everything away
    EXPECT_FALSE(is_granted(1, 500'000));
    EXPECT_TRUE(eventually([&] { return !nodes_[0]->status().is_up.load(); }));
    server_.say({"CONFIG", "SET", "maxmemory", "0"});
    EXPECT_TRUE(eventually([&] { return is_granted(1, 400'000); }));
    EXPECT_FALSE(is_granted(1, 1));
}

TEST_F(Loss, ANodeThatStartsAgainFreesWhatItsFormerLifeHeld) {
    start_nodes(2);
    ASSERT_TRUE(is_granted(0, 900'000));
    open_.clear();
    nodes_[0]
        .reset(); // without leaving: as killed; its journal would have been counted by the time it is back
    nodes_[0] = std::make_unique<RedisNode>("node0", settings_for(server_), fleet_);
    ASSERT_TRUE(settle_down());
    EXPECT_TRUE(eventually([&] { return is_granted(1, 1'000'000); }));
}

TEST_F(Loss, EndedCallsThatHadToBeForgottenKeepBudgetsShutUntilTheLedgerHasThem) {
    for (const char* name : {"node0", "node1"})
        nodes_.push_back(std::make_unique<RedisNode>(name, settings_for(server_), fleet_, 1));
    ASSERT_TRUE(settle_down());
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(is_granted(0, 100'000));
    while (!open_.empty()) end(0, 100'000, false); // the database is away: one is remembered, two are not
    ASSERT_TRUE(eventually([&] { return nodes_[0]->status().forgotten.load() == 2; }));
    EXPECT_FALSE(is_granted(1, 700'001)); // Redis knows them still
    server_.say({"FLUSHALL"});
    ASSERT_TRUE(eventually([&] { return nodes_[1]->summary().epoch > 1; }));
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(is_granted(1, 1));
    flush();
    nodes_[0]->caught_up();
    EXPECT_TRUE(eventually([&] { return is_granted(1, 700'000); }));
    EXPECT_FALSE(is_granted(1, 1));
    EXPECT_LE(in_use(), micros(cap));
}

class RandomLoss : public Loss, public ::testing::WithParamInterface<unsigned> {};

TEST_P(RandomLoss, HoldsThroughAHistoryOfFaults) {
    start_nodes(3);
    std::mt19937 random(GetParam());
    const auto up_to = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
    int grants = 0;
    for (int step = 0; step < 400; ++step) {
        SCOPED_TRACE(step);
        const int choice = up_to(99);
        if (choice < 50) {
            grants += is_granted(static_cast<std::size_t>(up_to(2)), up_to(60'000)) ? 1 : 0;
        } else if (choice < 90 && !open_.empty()) {
            const auto index = static_cast<std::size_t>(up_to(static_cast<int>(open_.size()) - 1));
            const auto most = static_cast<int>(open_[index].granted.micros());
            end(index, up_to(most) / 8, up_to(1) == 0);
        } else if (choice < 93) {
            flush();
        } else if (choice < 95) {
            server_.say({"FLUSHALL"});
        } else if (choice == 95) {
            server_.kill();
            server_.start();
        } else if (choice == 96) {
            server_.say({"SCRIPT", "FLUSH"});
        }
        ASSERT_LE(in_use(), micros(cap));
    }
    EXPECT_GT(grants, 20);
    // At rest, with everything in the ledger, exactly what is left can be had.
    while (!open_.empty()) end(0, 0, true);
    flush();
    const std::int64_t left = (micros(cap) - spent_).micros();
    EXPECT_TRUE(eventually([&] { return is_granted(0, left); }));
    EXPECT_FALSE(is_granted(1, 1));
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomLoss, ::testing::Range(1U, 6U));

} // namespace tollgate::tests
