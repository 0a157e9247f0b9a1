#include "support/test_worker.hpp"
#include "tollgate/runtime/stream.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tollgate::runtime {

namespace {

using base::ErrorCode;
using testing::connected_sockets;
using testing::Peer;
using testing::TestWorker;

/// A stream that reads once and then waits for the end of the turn.
struct End {
    explicit End(TestWorker& worker) : End(worker, connected_sockets()) {}

    Task<> read_then_wait(std::string name, std::vector<std::string>& log) {
        char byte = 0;
        const auto got = co_await stream.read_some(std::span(&byte, 1));
        EXPECT_TRUE(got);
        log.push_back(name + " read");
        const auto turned = co_await stream.turn_end();
        log.push_back(name + (turned ? " writes" : " is called off"));
    }

    Peer peer;
    Stream stream;

private:
    End(TestWorker& worker, std::pair<FileDescriptor, Peer> ends)
        : peer(std::move(ends.second)), stream(worker.services(), std::move(ends.first)) {}
};

using Log = std::vector<std::string>;

} // namespace

TEST(TurnEnd, ComesWhenAllThatIsReadyHasBeenLookedAt) {
    TestWorker worker;
    End a(worker);
    End b(worker);
    worker.settle();
    Log log;
    worker.start(a.read_then_wait("a", log));
    worker.start(b.read_then_wait("b", log));
    worker.settle();
    a.peer.write("x");
    b.peer.write("x");
    worker.turn_until([&] { return log.size() == 4; });
    EXPECT_TRUE(log == Log({"a read", "b read", "a writes", "b writes"}) ||
                log == Log({"b read", "a read", "b writes", "a writes"}));
}

TEST(TurnEnd, IsHereWhereNothingElseHappensAndNobodySleeps) {
    TestWorker worker;
    TurnEnd& turn_end = worker.services().turn_end;
    EXPECT_FALSE(turn_end.is_here());
    turn_end.begin();
    EXPECT_FALSE(turn_end.is_here());
    turn_end.come_to_last();
    EXPECT_TRUE(turn_end.is_here());
    turn_end.add(std::noop_coroutine());
    EXPECT_FALSE(turn_end.is_here());
    turn_end.end();
    EXPECT_FALSE(turn_end.is_here());
}

TEST(TurnEnd, ComesWithoutAnySocketToo) {
    TestWorker worker;
    End a(worker);
    bool is_there = false;
    const auto wait = [&]() -> Task<> {
        for (int turn = 0; turn < 3; ++turn) {
            const auto turned = co_await a.stream.turn_end();
            EXPECT_TRUE(turned);
        }
        is_there = true;
    };
    worker.start(wait());
    worker.turn_until([&] { return is_there; });
}

TEST(TurnEnd, DoesNotComeForWhoeverWasCalledOffMeanwhile) {
    TestWorker worker;
    End a(worker);
    End b(worker);
    worker.settle();
    Log log;
    const auto call_off = [&]() -> Task<> {
        char byte = 0;
        const auto got = co_await b.stream.read_some(std::span(&byte, 1));
        EXPECT_TRUE(got);
        a.stream.interrupt(ErrorCode::client_gone);
    };
    worker.start(a.read_then_wait("a", log));
    worker.start(call_off());
    worker.settle();
    a.peer.write("x");
    b.peer.write("x");
    worker.turn_until([&] { return log.size() == 2; });
    EXPECT_EQ(log, Log({"a read", "a is called off"}));
}

} // namespace tollgate::runtime
