#include "support/gateway_fixture.hpp"

#include <optional>

namespace tollgate::testing {
namespace {

/// Each test has a gateway of its own, which it stops.
Line make_line(const std::string& drain_timeout) {
    return Line({{"server", {{"drain_timeout", drain_timeout}, {"workers", 2}}}});
}

bool is_refused(const Address& address) {
    try {
        Client client(address);
        return client.is_closed_within(std::chrono::milliseconds(0));
    } catch (const std::runtime_error&) {
        return true;
    }
}

TEST(Drain, LetsAStreamFinishAndTakesNoNewConnections) {
    Line line = make_line("30s");
    Client client(line.gateway.address());
    client.send(line.chat("tokens=20+tps=10", {{"stream", true}}));
    client.read_head();
    std::string body = client.read_chunk();
    line.gateway.process().send(SIGTERM);
    EXPECT_TRUE(eventually([&] { return is_refused(line.gateway.address()); }, std::chrono::seconds(1)));
    for (std::string chunk = client.read_chunk(); !chunk.empty(); chunk = client.read_chunk()) body += chunk;
    const auto events = events_of(body);
    EXPECT_EQ(events.back(), "[DONE]");
    EXPECT_GE(events.size(), 20U);
    EXPECT_EQ(client.read_to_end(), ""); // the connection ends with its last answer
    EXPECT_EQ(line.gateway.process().wait(std::chrono::seconds(5)), 0);
}

TEST(Drain, EndsAtOnceWhenOnlyIdleConnectionsAreOpen) {
    Line line = make_line("30s");
    std::vector<std::unique_ptr<Client>> idle;
    for (int count = 0; count < 10; ++count) {
        idle.push_back(std::make_unique<Client>(line.gateway.address()));
        if (count % 2 == 0) idle.back()->call(line.chat("tokens=1"));
    }
    line.gateway.process().send(SIGTERM);
    EXPECT_EQ(line.gateway.process().wait(std::chrono::seconds(3)), 0);
    for (const auto& client : idle) EXPECT_EQ(client->read_to_end(), "");
}

TEST(Drain, AnswersThePlainCallsThatRun) {
    Line line = make_line("30s");
    Client client(line.gateway.address());
    const std::string tag = new_tag();
    client.send(line.chat("ttft=1000+tokens=1+tag=" + tag));
    EXPECT_TRUE(eventually([&] { return line.simulator.records(tag).size() == 1; }));
    line.gateway.process().send(SIGTERM);
    EXPECT_EQ(client.read_response().status, 200);
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_EQ(line.gateway.process().wait(std::chrono::seconds(5)), 0);
}

TEST(Drain, AnswersARequestThatHasOnlyBegunToArrive) {
    Line line = make_line("30s");
    Client client(line.gateway.address());
    const std::string bytes = to_bytes(line.chat("tokens=1"));
    client.send(bytes.substr(0, 40));
    Client other(line.gateway.address());
    EXPECT_EQ(other.call({.method = "GET", .path = "/health"}).status, 200);
    line.gateway.process().send(SIGTERM);
    EXPECT_TRUE(eventually([&] { return is_refused(line.gateway.address()); }));
    client.send(bytes.substr(40));
    const Response response = client.read_response();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.field("connection"), "close");
    EXPECT_EQ(line.gateway.process().wait(std::chrono::seconds(5)), 0);
}

TEST(Drain, CutsWhatIsStillRunningWhenItsTimeIsOver) {
    Line line = make_line("500ms");
    const std::string tag = new_tag();
    Client stream(line.gateway.address());
    stream.send(line.chat("tokens=100000+tps=20+tag=" + tag, {{"stream", true}}));
    stream.read_head();
    stream.read_chunk();
    Client waiting(line.gateway.address());
    waiting.send(line.chat("fault=hang"));
    line.gateway.process().send(SIGTERM);
    EXPECT_EQ(line.gateway.process().wait(std::chrono::seconds(4)), 0);
    const auto rest = stream.read_to_end();
    if (rest) EXPECT_EQ(rest->find("[DONE]"), std::string::npos);
    if (rest) EXPECT_FALSE(rest->ends_with("0\r\n\r\n") && rest->find("\"error\"") == std::string::npos);
    waiting.read_to_end();
    EXPECT_TRUE(line.simulator.ended_record(tag).at("client_left").get<bool>());
}

TEST(Drain, SaysInTheLogHowManyConnectionsItWaitsFor) {
    Line line = make_line("30s");
    EXPECT_EQ(line.gateway.process().stop(), 0);
    EXPECT_NE(line.gateway.process().output().find("draining"), std::string::npos);
}

} // namespace
} // namespace tollgate::testing
