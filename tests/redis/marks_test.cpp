// A mark says that a server has forgotten nothing since it was set, so nothing may set it again.
#include "storage/redis/marks.hpp"

#include "support/redis_server.hpp"
#include "support/task_runner.hpp"
#include "support/test_worker.hpp"
#include "tollgate/runtime/blocking_pool.hpp"

#include <gtest/gtest.h>

namespace tollgate::storage::redis {

namespace {

class MarksOfServers : public ::testing::Test {
protected:
    MarksOfServers() {
        client_.start();
        worker_.turn_until([this] { return client_.is_up(); });
        state_.view.epoch = 1;
    }

    bool set_all(std::uint64_t epoch) {
        return tests::run_task(worker_.loop(), marks_.set_all(epoch)).has_value();
    }
    bool are_all_marked(std::uint64_t epoch) {
        return tests::run_task(worker_.loop(), marks_.are_all_marked(epoch)).value_or(false);
    }

    testing::RedisServer server_;
    testing::TestWorker worker_;
    runtime::BlockingPool pool_{1, 16};
    runtime::Resolver resolver_{worker_.worker(), pool_};
    RedisSettings settings_ = [this] {
        auto settings = *parse_redis_url("redis://" + server_.address());
        settings.command_time = std::chrono::seconds(20);
        return settings;
    }();
    Client client_{{worker_.worker(), resolver_, settings_}, nullptr};
    QuotaState state_{worker_.worker(), client_, {}, nullptr};
    Marks marks_{state_};
};

} // namespace

TEST_F(MarksOfServers, AreSetOnceInAnEpoch) {
    ASSERT_TRUE(set_all(1));
    EXPECT_TRUE(are_all_marked(1));
    server_.say({"FLUSHALL"});
    ASSERT_TRUE(set_all(1));
    EXPECT_FALSE(are_all_marked(1));
    ASSERT_TRUE(set_all(2));
    EXPECT_TRUE(are_all_marked(2));
}

TEST_F(MarksOfServers, ThatAreSetOrNotEndTheEpoch) {
    server_.say({"CLIENT", "PAUSE", "60000", "WRITE"});
    tests::Outcome<base::Result<void>> outcome;
    runtime::spawn(worker_.loop(), tests::keep_outcome(marks_.set_all(1), outcome), "a test");
    const auto is_asked = [this] {
        return server_.say({"INFO", "clients"}).find("blocked_clients:1") != std::string::npos;
    };
    worker_.turn_until(is_asked);
    EXPECT_EQ(state_.status.lost.load(), 0U);
    server_.say({"CLIENT", "KILL", "TYPE", "normal"});
    worker_.turn_until([&] { return outcome.is_over; });
    EXPECT_FALSE(outcome.result.value().has_value());
    EXPECT_EQ(state_.status.lost.load(), 1U);
}

} // namespace tollgate::storage::redis
