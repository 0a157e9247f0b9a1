#include "simulator/server.hpp"

#include "unit/simulator/loopback.hpp"

#include <sys/un.h>

namespace tollgate::simulator {

TEST(Server, TellsTheAddressItReallyHas) {
    const auto server = start_server();
    EXPECT_NE(server->port(), 0);
    EXPECT_EQ(server->url(), "http://127.0.0.1:" + std::to_string(server->port()) + "/v1");
}

TEST(Server, RefusesAddressesThatAreNone) {
    for (const char* listen : {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:x",
                               "example:80", "203.0.113.1:0", "unix:/nonexistent/directory/socket"}) {
        Settings settings;
        settings.listen = listen;
        const auto server = Server::start(settings);
        ASSERT_FALSE(server.has_value()) << listen;
        EXPECT_EQ(server.error().code, base::ErrorCode::invalid_configuration) << listen;
    }
}

TEST(Server, RefusesTlsFilesThatAreNone) {
    Settings settings;
    settings.tls_certificate = "/nonexistent.pem";
    EXPECT_FALSE(Server::start(settings).has_value());
    settings.tls_key = "/nonexistent.pem";
    EXPECT_FALSE(Server::start(settings).has_value());
}

TEST(Server, ServesManyConnectionsOnSeveralThreads) {
    Settings settings;
    settings.threads = 3;
    const auto server = start_server(settings);
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 12; ++i) clients.push_back(std::make_unique<Client>(*server));
    for (const auto& client : clients)
        client->request("POST", "/v1/chat/completions", chat("m+ttft=5", streamed));
    for (const auto& client : clients) EXPECT_EQ(client->read_response().status, 200);
    EXPECT_EQ(server->service().connections_open, 12U);
    EXPECT_EQ(server->service().records.totals().received, 12U);
}

TEST(Server, StopsInTheMiddleOfEverything) {
    auto server = start_server();
    std::vector<std::unique_ptr<Client>> clients;
    for (const char* model : {"m+fault=hang", "m+tps=1", "m+ttft=60000", "m+fault=drip:1000"}) {
        clients.push_back(std::make_unique<Client>(*server));
        clients.back()->request("POST", "/v1/chat/completions", chat(model, streamed));
    }
    while (server->service().records.totals().received < clients.size()) std::this_thread::yield();
    server.reset();
    for (const auto& client : clients) EXPECT_NO_THROW((void)client->read_to_end());
}

TEST(Server, ListensOnAUnixSocketAndRemovesIt) {
    const std::string path = "/tmp/tollgate-simulator-test-" + std::to_string(::getpid());
    Settings settings;
    settings.listen = "unix:" + path;
    auto server = start_server(settings);
    EXPECT_EQ(server->url(), "unix:" + path);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    const std::string_view request = "GET /v1/models HTTP/1.1\r\n\r\n";
    ASSERT_EQ(::send(socket, request.data(), request.size(), 0), static_cast<ssize_t>(request.size()));
    char bytes[16]{};
    ASSERT_GT(::recv(socket, bytes, sizeof bytes, MSG_WAITALL), 0);
    EXPECT_EQ(std::string_view(bytes, 12), "HTTP/1.1 200");
    ::close(socket);
    server.reset();
    EXPECT_NE(::access(path.c_str(), F_OK), 0);
}

} // namespace tollgate::simulator
