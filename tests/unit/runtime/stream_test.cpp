#include "support/test_worker.hpp"
#include "tollgate/runtime/stream.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tollgate::runtime {

namespace {

using base::ErrorCode;
using base::Result;
using testing::connected_sockets;
using testing::make_narrow;
using testing::Peer;
using testing::TestWorker;

/// A stream on one end of a connection, its peer on the other.
class StreamTest : public ::testing::Test {
protected:
    StreamTest() : StreamTest(connected_sockets()) {}

    /// The next read, or why there was none.
    std::string read(std::size_t most = 1024) {
        std::string buffer(most, '\0');
        const auto got = worker_.run(read_into(buffer));
        return got ? buffer.substr(0, *got) : "error: " + std::string(base::to_string(got.error().code));
    }

    TestWorker worker_;
    Peer peer_;
    Stream stream_;

private:
    explicit StreamTest(std::pair<FileDescriptor, Peer> ends)
        : peer_(std::move(ends.second)), stream_(worker_.services(), std::move(ends.first)) {}

    Task<Result<std::size_t>> read_into(std::string& buffer) { co_return co_await stream_.read_some(buffer); }
};

/// Remembers what it was told.
class Departures final : public StreamObserver {
public:
    void on_departure(Departure) override { ++count; }
    int count = 0;
};

} // namespace

TEST_F(StreamTest, ReadsWhatWasThereBeforeAndWhatComesLater) {
    peer_.write("early");
    EXPECT_EQ(read(), "early");
    peer_.write("late");
    EXPECT_EQ(read(), "late");
}

TEST_F(StreamTest, ReadsOnWhereASmallBufferHadStopped) {
    peer_.write("abcdef");
    EXPECT_EQ(read(4), "abcd");
    EXPECT_EQ(read(4), "ef");
}

TEST_F(StreamTest, FindsTheEndBehindAShortRead) {
    peer_.write("last words");
    peer_.close();
    EXPECT_EQ(read(), "last words");
    EXPECT_EQ(read(), "error: connection_closed");
}

TEST_F(StreamTest, FindsTheEndThatComesAfterAShortRead) {
    peer_.write("last words");
    EXPECT_EQ(read(), "last words");
    peer_.close();
    EXPECT_EQ(read(), "error: connection_closed");
}

TEST_F(StreamTest, LetsOthersRunWhileAPeerSendsMoreThanItReads) {
    const std::string flood(100, 'x');
    peer_.write(flood);
    bool ran = false;
    int reads = 0;
    const auto read_all = [&]() -> Task<> {
        for (char byte = 0; reads < 100; ++reads) {
            const auto got = co_await stream_.read_some(std::span(&byte, 1));
            if (!got) break;
            if (reads == 0) worker_.worker().post([&ran] { ran = true; });
            if (reads == 50) EXPECT_TRUE(ran);
        }
    };
    worker_.run(read_all());
    EXPECT_EQ(reads, 100);
}

TEST_F(StreamTest, WritesOnOnceThePeerHasReadSome) {
    make_narrow(stream_.native_handle());
    const std::string much(1 << 20, 'x');
    const std::string_view piece = much;
    const auto at_once = stream_.try_write(std::span(&piece, 1));
    ASSERT_TRUE(at_once);
    ASSERT_FALSE(*at_once);
    bool done = false;
    const auto flush = [&]() -> Task<> {
        const auto flushed = co_await stream_.flush();
        done = flushed.has_value();
    };
    worker_.start(flush());
    worker_.turn_until([&] { return peer_.read().size() == much.size() && done; });
    EXPECT_FALSE(stream_.has_unsent());
}

TEST_F(StreamTest, IsInterruptedWhileItWaits) {
    stream_.expires_after(std::chrono::milliseconds(1), ErrorCode::idle_timeout);
    EXPECT_EQ(read(), "error: idle_timeout");
    stream_.clear_interruption();
    peer_.write("again");
    EXPECT_EQ(read(), "again");
}

TEST_F(StreamTest, TellsThatThePeerLeftWhileNobodyReads) {
    peer_.write("request");
    EXPECT_EQ(read(), "request");
    Departures departures;
    stream_.watch(&departures);
    worker_.settle();
    EXPECT_EQ(departures.count, 0);
    peer_.close();
    worker_.turn_until([&] { return departures.count > 0; });
    stream_.watch(nullptr);
}

TEST_F(StreamTest, TellsThatThePeerHadLeftBefore) {
    peer_.write("request");
    peer_.close();
    EXPECT_EQ(read(), "request");
    Departures departures;
    stream_.watch(&departures);
    worker_.turn_until([&] { return departures.count > 0; });
    stream_.watch(nullptr);
}

TEST_F(StreamTest, SeemsIdleUntilSomethingComes) {
    peer_.write("answer");
    EXPECT_EQ(read(), "answer");
    EXPECT_TRUE(stream_.seems_idle_and_open());
    peer_.write("nobody asked for this");
    // Not looked at since the read: the system is asked.
    EXPECT_FALSE(stream_.seems_idle_and_open());
    worker_.settle();
    EXPECT_FALSE(stream_.seems_idle_and_open());
    EXPECT_EQ(read(), "nobody asked for this");
}

TEST_F(StreamTest, DoesNotSeemIdleOnceThePeerHasLeft) {
    peer_.write("answer");
    EXPECT_EQ(read(), "answer");
    peer_.close();
    EXPECT_FALSE(stream_.seems_idle_and_open());
    worker_.settle();
    EXPECT_FALSE(stream_.seems_idle_and_open());
}

} // namespace tollgate::runtime
