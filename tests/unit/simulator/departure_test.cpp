#include "simulator/departure.hpp"

#include "unit/simulator/loopback.hpp"

namespace tollgate::simulator {

namespace {
constexpr std::string_view path = "/v1/chat/completions";
}

TEST(Departure, IsSeenWhileTheFirstTokenIsAwaited) {
    const auto server = start_server();
    Client client(*server);
    client.request("POST", path, chat("m+ttft=60000"));
    client.leave();
    const Record record = last_record(*server);
    EXPECT_TRUE(record.ending.client_left_ms.has_value());
    EXPECT_LT(*record.ending.client_left_ms, 30'000U);
    EXPECT_FALSE(record.ending.completed);
}

TEST(Departure, IsSeenBetweenTwoChunks) {
    const auto server = start_server();
    Client client(*server);
    client.request("POST", path, chat("m+tps=1+tokens=1000", streamed));
    client.take_until("data: ");
    client.leave();
    const Record record = last_record(*server);
    EXPECT_TRUE(record.ending.client_left_ms.has_value());
    EXPECT_LE(record.ending.chunks, 3U);
}

TEST(Departure, IsSeenBehindBytesThatNobodyReads) {
    const auto server = start_server();
    Client client(*server);
    client.request("POST", path, chat("m+fault=hang"));
    client.request("GET", "/v1/models"); // pipelined: hides the end of file from readiness
    client.leave();
    EXPECT_TRUE(last_record(*server).ending.client_left_ms.has_value());
}

TEST(Departure, DoesNotMistakeThePipelinedForTheDeparted) {
    const auto server = start_server();
    Client client(*server);
    client.request("POST", path, chat("m+ttft=30"));
    client.request("GET", "/v1/models");
    EXPECT_EQ(client.read_response().status, 200);
    EXPECT_EQ(client.read_response().status, 200);
    for (const Record& record : server->service().records.find({}))
        EXPECT_FALSE(record.ending.client_left_ms.has_value());
}

TEST(Departure, AWatchFromOneAnswerDoesNotDisturbTheNext) {
    const auto server = start_server();
    Client client(*server);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(client.post(path, chat("m+ttft=2")).status, 200);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(client.post(path, chat("m")).status, 200);
    EXPECT_EQ(server->service().connections_open, 1U);
}

} // namespace tollgate::simulator
