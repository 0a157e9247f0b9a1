#include "simulator/connection.hpp"

#include "unit/simulator/loopback.hpp"

namespace tollgate::simulator {

namespace {

constexpr std::string_view path = "/v1/chat/completions";

std::string id_of(const Response& response) {
    return nlohmann::json::parse(response.body).at("id").get<std::string>();
}

} // namespace

TEST(Connection, ServesRequestAfterRequest) {
    const auto server = start_server();
    Client client(*server);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(client.post(path, chat("m")).status, 200);
    const Record record = last_record(*server);
    EXPECT_EQ(record.request_on_connection, 3U);
    EXPECT_EQ(record.connection, 1U);
    EXPECT_EQ(server->service().connections_total, 1U);
}

TEST(Connection, EqualRequestsGetEqualAnswersWithIdentifiersOfTheirOwn) {
    const auto server = start_server();
    Client client(*server);
    Response first = client.post(path, chat("m"));
    Response second = client.post(path, chat("m"));
    EXPECT_NE(id_of(first), id_of(second));
    EXPECT_EQ(nlohmann::json::parse(first.body)["choices"], nlohmann::json::parse(second.body)["choices"]);
}

TEST(Connection, AnswersPipelinedRequestsInOrder) {
    const auto server = start_server();
    Client client(*server);
    client.request("GET", "/v1/models/first");
    client.request("POST", path, chat("m+ttft=20", streamed));
    client.request("GET", "/v1/models/third");
    EXPECT_NE(client.read_response().body.find("first"), std::string::npos);
    EXPECT_GT(client.read_response().chunks, 30U);
    EXPECT_NE(client.read_response().body.find("third"), std::string::npos);
}

TEST(Connection, TakesARequestInSingleBytes) {
    const auto server = start_server();
    Client client(*server);
    const std::string body = chat("m");
    const std::string bytes =
        "POST /v1/chat/completions HTTP/1.1\r\ncontent-length: " + std::to_string(body.size()) + "\r\n\r\n" +
        body;
    for (const char byte : bytes) client.send({&byte, 1});
    EXPECT_EQ(client.read_response().status, 200);
}

TEST(Connection, TakesAChunkedBody) {
    const auto server = start_server();
    Client client(*server);
    const std::string body = chat("m");
    char size[16];
    const auto end = std::to_chars(size, size + sizeof size, body.size(), 16).ptr;
    client.send("POST /v1/chat/completions HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n" +
                std::string(size, end) + "\r\n" + body + "\r\n0\r\n\r\n");
    EXPECT_EQ(client.read_response().status, 200);
    EXPECT_EQ(last_record(*server).body, body);
}

TEST(Connection, TakesABodyOfAMegabyteAndRecordsItsBeginning) {
    const auto server = start_server();
    Client client(*server);
    const std::string body = chat("m", ",\"user\":\"" + std::string(1U << 20U, 'u') + "\"");
    EXPECT_EQ(client.post(path, body).status, 200);
    const Record record = last_record(*server);
    EXPECT_EQ(record.body_bytes, body.size());
    EXPECT_EQ(record.body, body.substr(0, 64U << 10U));
}

TEST(Connection, SaysContinueToWhoAsksFirst) {
    const auto server = start_server();
    Client client(*server);
    const std::string body = chat("m");
    client.send("POST /v1/chat/completions HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: " +
                std::to_string(body.size()) + "\r\n\r\n");
    EXPECT_EQ(client.take_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send(body);
    EXPECT_EQ(client.read_response().status, 200);
}

TEST(Connection, ClosesWhenTheClientAsksForIt) {
    const auto server = start_server();
    Client client(*server);
    client.request("GET", "/v1/models", "", "connection: close\r\n");
    const auto [bytes, closing] = client.read_to_end();
    EXPECT_NE(bytes.find("connection: close"), std::string::npos);
    EXPECT_EQ(closing, Closing::orderly);
}

TEST(Connection, AnOldClientGetsAStreamThatEndsWithTheConnection) {
    const auto server = start_server();
    Client client(*server);
    const std::string body = chat("m+tokens=2", streamed);
    client.send("POST /v1/chat/completions HTTP/1.0\r\ncontent-length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body);
    const auto [bytes, closing] = client.read_to_end();
    EXPECT_EQ(closing, Closing::orderly);
    EXPECT_EQ(bytes.find("transfer-encoding"), std::string::npos);
    EXPECT_TRUE(bytes.ends_with("data: [DONE]\n\n"));
}

TEST(Connection, WhatIsNotHttpGetsABadRequestAndALineInTheLog) {
    const auto server = start_server();
    Client client(*server);
    client.send("\x16\x03\x01 hello\r\n\r\n");
    EXPECT_TRUE(client.read_to_end().first.starts_with("HTTP/1.1 400 "));
    EXPECT_FALSE(last_record(*server).ending.completed);
}

TEST(Connection, AClientThatLeavesInTheMiddleOfItsBodyIsRecorded) {
    const auto server = start_server();
    Client client(*server);
    client.send("POST /v1/chat/completions HTTP/1.1\r\ncontent-length: 100\r\n\r\n{\"model\"");
    client.leave();
    const Record record = last_record(*server);
    EXPECT_EQ(record.target, path);
    EXPECT_TRUE(record.ending.client_left_ms.has_value());
    EXPECT_EQ(record.ending.status, 0);
}

TEST(Connection, RecordsHeadersAsTheyCame) {
    const auto server = start_server();
    Client client(*server);
    client.post("/prefix/v1/chat/completions?a=b", chat("m+tag=mine"),
                "Authorization: Bearer sk-1\r\nX-Twice: 1\r\nX-Twice: 2\r\n");
    const Record record = last_record(*server);
    const Headers expected{
        {"host", "simulator"}, {"Authorization", "Bearer sk-1"}, {"X-Twice", "1"}, {"X-Twice", "2"}};
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), record.headers.begin()));
    EXPECT_EQ(record.target, "/prefix/v1/chat/completions?a=b");
    EXPECT_EQ(record.tag, "mine");
    EXPECT_EQ(record.ending.usage->completion, 32U);
}

TEST(Connection, HeadersOnlyOrNothingWhenToldSo) {
    for (const Recording recording : {Recording::heads, Recording::off}) {
        Settings settings;
        settings.recording = recording;
        const auto server = start_server(settings);
        Client client(*server);
        client.post(path, chat("m"));
        const auto records = server->service().records.find({});
        EXPECT_EQ(records.size(), recording == Recording::off ? 0U : 1U);
        if (!records.empty()) EXPECT_EQ(records[0].body, "");
    }
}

TEST(Connection, ItsOwnPathsAreNotRecorded) {
    const auto server = start_server();
    Client client(*server);
    client.post(path, chat("m"));
    client.request("GET", "/__requests/count");
    EXPECT_EQ(nlohmann::json::parse(client.read_response().body)["received"], 1);
    client.request("GET", "/__connections");
    EXPECT_EQ(nlohmann::json::parse(client.read_response().body)["open"], 1);
}

TEST(Connection, AnEarlyAnswerComesBeforeTheBody) {
    const auto server = start_server();
    Client client(*server);
    client.send(
        "POST /v1/chat/completions HTTP/1.1\r\ncontent-length: 1000000\r\n\r\n{\"model\":\"m+fault=early\",");
    const Response response = client.read_response();
    EXPECT_EQ(response.status, 413);
    client.send(std::string(100'000, 'x')); // what still comes is read and dropped
    EXPECT_EQ(client.read_to_end().second, Closing::orderly);
}

} // namespace tollgate::simulator
