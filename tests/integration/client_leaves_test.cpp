#include "support/gateway_fixture.hpp"

namespace tollgate::testing {
namespace {

class ClientLeaves : public LineTest<ClientLeaves> {
public:
    static json settings() { return {{"accounts", {{"concurrency", 1}}}}; }

    /// The provider has the call, and it runs still.
    static void expect_running(const std::string& tag) {
        const auto is_open = [&] {
            const auto records = line().simulator.records(tag);
            return !records.empty() && records.front().at("open").get<bool>();
        };
        EXPECT_TRUE(eventually(is_open));
    }

    /// Leaves as told; the provider must see its own connection close within a second.
    template <class Leave>
    static json record_after(const std::string& tag, Client& client, Leave leave) {
        leave(client);
        const auto left = std::chrono::steady_clock::now();
        const json record = line().simulator.ended_record(tag);
        EXPECT_LT(std::chrono::steady_clock::now() - left, std::chrono::seconds(1));
        EXPECT_TRUE(record.at("client_left").get<bool>());
        // The account's only place is free again.
        EXPECT_TRUE(eventually([] { return line().call(line().chat("tokens=1")).status == 200; }));
        return record;
    }
};

const auto close_it = [](Client& client) { client.close(); };
const auto reset_it = [](Client& client) { client.reset(); };

TEST_F(ClientLeaves, BeforeTheFirstByteOfAStream) {
    const std::string tag = new_tag();
    Client client(line().gateway.address());
    client.send(line().chat("fault=hang+tag=" + tag, {{"stream", true}}));
    expect_running(tag);
    record_after(tag, client, close_it);
}

TEST_F(ClientLeaves, WhileItWaitsForAPlainAnswer) {
    const std::string tag = new_tag();
    Client client(line().gateway.address());
    client.send(line().chat("ttft=60000+tag=" + tag));
    expect_running(tag);
    record_after(tag, client, close_it);
}

TEST_F(ClientLeaves, WhileTheRestOfAPlainAnswerIsAwaited) {
    const std::string tag = new_tag();
    Client client(line().gateway.address());
    client.send(line().chat("fault=hang:10+tag=" + tag));
    expect_running(tag);
    record_after(tag, client, reset_it);
}

TEST_F(ClientLeaves, InTheMiddleOfAStreamThatGoesOn) {
    const std::string tag = new_tag();
    Client client(line().gateway.address());
    client.send(line().chat("tokens=100000+tps=50+tag=" + tag, {{"stream", true}}));
    client.read_head();
    client.read_chunk();
    const json record = record_after(tag, client, close_it);
    EXPECT_LT(record.at("chunks"), 1000);
}

TEST_F(ClientLeaves, InTheMiddleOfASilentStream) {
    const std::string tag = new_tag();
    Client client(line().gateway.address());
    client.send(line().chat("tokens=9+fault=hang:3+tag=" + tag, {{"stream", true}}));
    client.read_head();
    client.read_chunk();
    record_after(tag, client, reset_it);
}

TEST_F(ClientLeaves, WhileAFailedCallWaitsToBeTriedAgain) {
    const std::string tag = new_tag();
    Client client(line().gateway.address());
    client.send(line().chat("status=500+retry_after=30+tag=" + tag));
    EXPECT_TRUE(eventually([&] { return line().simulator.records(tag).size() == 1; }));
    client.close();
    EXPECT_TRUE(eventually([] { return line().call(line().chat("tokens=1")).status == 200; },
                           std::chrono::seconds(5)));
    EXPECT_EQ(line().simulator.records(tag).size(), 1U);
}

TEST_F(ClientLeaves, AndTheCallIsNotTriedAgain) {
    const std::string tag = new_tag();
    Client client(line().gateway.address());
    client.send(line().chat("fault=hang+tag=" + tag));
    expect_running(tag);
    record_after(tag, client, close_it);
    EXPECT_EQ(line().simulator.records(tag).size(), 1U);
}

TEST_F(ClientLeaves, AndAKeyThatDrainsHasTheAnswerReadToItsEnd) {
    const Key key = line().gateway.create_key({"--on-disconnect", "drain"});
    const std::string tag = new_tag();
    Client client(line().gateway.address());
    Request request = line().chat("tokens=30+tps=30+tag=" + tag, {{"stream", true}});
    request.key = key.secret;
    client.send(request);
    client.read_head();
    client.read_chunk();
    client.reset();
    EXPECT_TRUE(line().simulator.ended_record(tag).at("completed").get<bool>());
}

} // namespace
} // namespace tollgate::testing
