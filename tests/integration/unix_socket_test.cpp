#include "support/gateway_fixture.hpp"

#include <filesystem>

namespace tollgate::testing {
namespace {

json listen_at(const std::string& path) {
    return {{"server", {{"listen", {"unix:" + path}}, {"workers", 2}}}};
}

TEST(UnixSocket, ServesCallsAndStreams) {
    Line line(listen_at("./gate.sock"));
    Client client(line.gateway.address());
    for (const bool stream : {false, true, false}) {
        const Response response = client.call(line.chat("tokens=2", {{"stream", stream}}));
        EXPECT_EQ(response.status, 200);
    }
}

TEST(UnixSocket, HasNoAddressThatAKeyCouldAllow) {
    Line line(listen_at("./gate.sock"));
    const Key key = line.gateway.create_key({"--ip-allow", "127.0.0.0/8"});
    Request request = line.chat();
    request.key = key.secret;
    request.fields = {{"x-forwarded-for", "127.0.0.1"}};
    const Response response = line.call(request);
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(error_of(response).value("reason", ""), "address_not_allowed");
}

TEST(UnixSocket, TakesThePlaceOfASocketThatADeadProcessLeft) {
    const TemporaryDirectory folder;
    const std::string path = (folder.path() / "gate.sock").string();
    Simulator simulator;
    const json settings = settings_for(simulator, listen_at(path));
    Gateway first(settings);
    first.process().send(SIGKILL);
    first.process().wait();
    ASSERT_TRUE(std::filesystem::is_socket(path));
    Gateway second(settings);
    EXPECT_EQ(second.call({.method = "GET", .path = "/health"}).status, 200);
    EXPECT_EQ(second.process().stop(), 0);
}

TEST(UnixSocket, IsNotTakenFromALivingProcess) {
    const TemporaryDirectory folder;
    const std::string path = (folder.path() / "gate.sock").string();
    Simulator simulator;
    const json settings = settings_for(simulator, listen_at(path));
    Gateway first(settings);
    EXPECT_THROW(Gateway second(settings), std::runtime_error);
    EXPECT_EQ(first.call({.method = "GET", .path = "/health"}).status, 200);
}

} // namespace
} // namespace tollgate::testing
