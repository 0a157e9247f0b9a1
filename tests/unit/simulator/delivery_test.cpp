#include "simulator/delivery.hpp"

#include "unit/simulator/loopback.hpp"

#include <chrono>

namespace tollgate::simulator {

namespace {

constexpr std::string_view path = "/v1/chat/completions";

/// Sends one call on a connection of its own and takes everything until the end.
std::pair<std::string, Closing> outcome_of(Server& server, std::string_view model,
                                           std::string_view more = "") {
    Client client(server);
    client.request("POST", path, chat(model, more));
    return client.read_to_end();
}

std::size_t count_of(std::string_view text, std::string_view what) {
    std::size_t count = 0;
    for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1))
        ++count;
    return count;
}

} // namespace

TEST(Delivery, AStreamIsOneChunkAnEvent) {
    const auto server = start_server();
    Client client(*server);
    const Response response = client.post(path, chat("m+tokens=5", streamed));
    EXPECT_EQ(response.chunks, 8U); // role, five pieces, reason, [DONE]
    EXPECT_TRUE(response.body.ends_with("data: [DONE]\n\n"));
    const Record record = last_record(*server);
    EXPECT_EQ(record.ending.chunks, 8U);
    EXPECT_TRUE(record.ending.completed);
    EXPECT_FALSE(record.ending.usage.has_value());
    EXPECT_EQ(record.ending.counts.completion, 5U);
}

TEST(Delivery, NothingComesBeforeItsTime) {
    const auto server = start_server();
    Client client(*server);
    const auto begin = std::chrono::steady_clock::now();
    client.request("POST", path, chat("m+tokens=3+ttft=30+tps=50", streamed));
    client.take_until("\r\n\r\n");
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(30));
    client.take_until("[DONE]");
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(70));
}

TEST(Delivery, AWholeAnswerTakesAsLongAsAStreamWould) {
    const auto server = start_server();
    Client client(*server);
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(client.post(path, chat("m+tokens=3+ttft=10+tps=50")).status, 200);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(50));
}

TEST(Delivery, CutResetsAfterSoManyEvents) {
    const auto server = start_server();
    const auto [bytes, closing] = outcome_of(*server, "m+tps=200+fault=cut:3", streamed);
    EXPECT_EQ(closing, Closing::reset);
    EXPECT_LE(count_of(bytes, "data: "), 3U); // a reset may overtake what was sent
    const Record record = last_record(*server);
    EXPECT_EQ(record.ending.chunks, 3U);
    EXPECT_FALSE(record.ending.completed);
    EXPECT_FALSE(record.ending.client_left_ms.has_value());
}

TEST(Delivery, CloseEndsTheStreamUnfinishedButInOrder) {
    const auto server = start_server();
    for (const std::size_t events : {0U, 1U, 3U}) {
        const auto [bytes, closing] =
            outcome_of(*server, "m+fault=close:" + std::to_string(events), streamed);
        EXPECT_EQ(closing, Closing::orderly);
        EXPECT_EQ(count_of(bytes, "data: "), events);
        EXPECT_FALSE(bytes.ends_with("0\r\n\r\n"));
    }
}

TEST(Delivery, OfAWholeAnswerTheFaultCountsBytes) {
    const auto server = start_server();
    const auto [bytes, closing] = outcome_of(*server, "m+fault=close:7");
    EXPECT_EQ(closing, Closing::orderly);
    EXPECT_EQ(bytes.substr(bytes.find("\r\n\r\n") + 4).size(), 7U);
}

TEST(Delivery, HangAnswersNeverAndSeesTheClientLeave) {
    const auto server = start_server();
    Client client(*server);
    client.request("POST", path, chat("m+fault=hang"));
    client.leave();
    const Record record = last_record(*server);
    EXPECT_EQ(record.ending.status, 0);
    EXPECT_TRUE(record.ending.client_left_ms.has_value());
}

TEST(Delivery, HangFallsSilentAfterSoManyEvents) {
    const auto server = start_server();
    Client client(*server);
    client.request("POST", path, chat("m+fault=hang:2", streamed));
    client.take_until("data: ");
    client.take_until("data: ");
    client.take_until("\n\n\r\n");
    client.leave();
    const Record record = last_record(*server);
    EXPECT_EQ(record.ending.chunks, 2U);
    EXPECT_EQ(record.ending.status, 200);
    EXPECT_TRUE(record.ending.client_left_ms.has_value());
}

TEST(Delivery, DripSendsTheHeadByteByByteAndThenTheRest) {
    const auto server = start_server();
    Client client(*server);
    for (const std::string_view more : {std::string_view(""), streamed}) {
        const Response response = client.post(path, chat("m+fault=drip:0", more));
        EXPECT_EQ(response.status, 200);
        EXPECT_FALSE(response.body.empty());
    }
}

TEST(Delivery, GarbageIsNotHttp) {
    const auto server = start_server();
    const auto [bytes, closing] = outcome_of(*server, "m+fault=garbage");
    EXPECT_FALSE(bytes.starts_with("HTTP/"));
    EXPECT_FALSE(bytes.empty());
    EXPECT_EQ(last_record(*server).ending.status, 0);
}

TEST(Delivery, RefuseSendsNothing) {
    const auto server = start_server();
    EXPECT_EQ(outcome_of(*server, "m+fault=refuse").first, "");
}

TEST(Delivery, StaleClosesWithoutSayingSo) {
    const auto server = start_server();
    const auto [bytes, closing] = outcome_of(*server, "m+fault=stale", streamed);
    EXPECT_EQ(closing, Closing::orderly);
    EXPECT_NE(bytes.find("connection: keep-alive"), std::string::npos);
    EXPECT_TRUE(bytes.ends_with("0\r\n\r\n"));
    EXPECT_TRUE(last_record(*server).ending.completed);
}

TEST(Delivery, ExtraLeavesSurplusBehindAGoodAnswer) {
    const auto server = start_server();
    for (const std::string_view more : {std::string_view(""), streamed}) {
        Client client(*server);
        client.request("POST", path, chat("m+fault=extra", more));
        EXPECT_FALSE(client.read_response().body.empty());
        EXPECT_EQ(client.read_response().body, "surplus");
    }
}

TEST(Delivery, PiecesOfAnySizeGiveTheSameStream) {
    const auto server = start_server();
    Client client(*server);
    const auto whole = events_of(client.post(path, chat("m+tokens=4+model=x", streamed)).body);
    for (const std::size_t size : {1U, 2U, 7U, 100U, 100'000U}) {
        const auto response =
            client.post(path, chat("m+tokens=4+model=x+split=" + std::to_string(size), streamed));
        EXPECT_GE(response.chunks, response.body.size() / size);
        auto events = events_of(response.body);
        ASSERT_EQ(events.size(), whole.size());
        for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i]["choices"], whole[i]["choices"]);
        EXPECT_EQ(last_record(*server).ending.chunks, whole.size() + 1);
    }
}

TEST(Delivery, AHeadRequestGetsNoBody) {
    const auto server = start_server();
    Client client(*server);
    client.request("HEAD", "/v1/models", "", "connection: close\r\n");
    EXPECT_TRUE(client.read_to_end().first.ends_with("\r\n\r\n"));
}

} // namespace tollgate::simulator
