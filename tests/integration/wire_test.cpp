#include "support/gateway_fixture.hpp"

#include <sstream>

namespace tollgate::testing {
namespace {

class Wire : public LineTest<Wire> {
public:
    static json settings() {
        return {{"server",
                 {{"limits",
                   {{"head", "8KiB"},
                    {"body", "64KiB"},
                    {"head_time", "400ms"},
                    {"body_time", "400ms"},
                    {"idle_time", "1s"}}}}}};
    }

    /// What comes back for exactly these bytes.
    static Response answer_to(const std::string& bytes) {
        Client client(line().gateway.address());
        client.send(bytes);
        return client.read_response();
    }

    static void expect_error(const Response& response, int status, const std::string& reason) {
        EXPECT_EQ(response.status, status) << response.head;
        EXPECT_EQ(error_of(response).value("reason", ""), reason);
        EXPECT_EQ(response.field("content-type"), "application/json");
        EXPECT_EQ(response.count("x-request-id"), 1U);
    }

    /// The head of a chat call with these fields besides.
    static std::string head_with(const std::string& fields) {
        return "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
               "authorization: Bearer " +
               line().key.secret + "\r\n" + fields + "\r\n";
    }

    static std::string body() { return line().chat("tokens=1").body; }
    static std::string sized() { return "content-length: " + std::to_string(body().size()) + "\r\n"; }
};

TEST_F(Wire, RefusesEveryShapeThatTwoParsersCouldReadDifferently) {
    const std::string get = "GET /health HTTP/1.1\r\n";
    const std::string post = "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n";
    const std::vector<std::string> shapes{
        post + "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        post + "content-length: 5\r\ncontent-length: 6\r\n\r\nhello",
        post + "content-length: 5, 5\r\n\r\nhello",
        post + "content-length: +5\r\n\r\nhello",
        post + "content-length: 0x5\r\n\r\nhello",
        post + "content-length:\r\n\r\n",
        post + "transfer-encoding : chunked\r\n\r\n0\r\n\r\n",
        post + "transfer-encoding: \x0b"
               "chunked\r\n\r\n0\r\n\r\n",
        get + "host: x\r\n folded: y\r\n\r\n",
        get + "host: x\nname: y\r\n\r\n",
        get + "host: x\r\nname\r\n\r\n",
        get + "host: x\r\n: y\r\n\r\n",
        get + "host: x\r\nna me: y\r\n\r\n",
        get + "host: x\r\nhost: y\r\n\r\n",
        get + "\r\n",
        "GET  /health HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET /health\r\nhost: x\r\n\r\n",
        "GET /hea\tlth HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET http://x/health HTTP/1.1\r\nhost: x\r\n\r\n",
    };
    for (const std::string& shape : shapes) {
        Client client(line().gateway.address());
        client.send(shape);
        const Response response = client.read_response();
        EXPECT_EQ(response.status, 400) << shape << response.body;
        EXPECT_EQ(error_of(response).value("reason", ""), "malformed_request") << shape;
        EXPECT_EQ(response.field("connection"), "close");
        EXPECT_EQ(client.read_to_end(), "") << shape;
    }
}

TEST_F(Wire, RefusesVersionsAndCodingsThatItDoesNotSpeak) {
    expect_error(answer_to("GET /health HTTP/2.0\r\nhost: x\r\n\r\n"), 505, "version_not_supported");
    expect_error(answer_to(head_with("transfer-encoding: gzip, chunked\r\n")), 501, "not_implemented");
    expect_error(answer_to(head_with("transfer-encoding: chunked, chunked\r\n")), 501, "not_implemented");
    expect_error(answer_to("CONNECT x:443 HTTP/1.1\r\nhost: x\r\n\r\n"), 501, "not_implemented");
    expect_error(answer_to(head_with("expect: miracles\r\n" + sized())), 417, "expectation_failed");
}

TEST_F(Wire, RefusesAHeadThatIsTooLarge) {
    expect_error(answer_to("GET /health HTTP/1.1\r\nhost: x\r\npad: " + std::string(9'000, 'p') + "\r\n\r\n"),
                 431, "head_too_large");
    expect_error(answer_to("GET /" + std::string(20'000, 'p')), 431, "head_too_large");
    std::string many = "GET /health HTTP/1.1\r\nhost: x\r\n";
    for (int field = 0; field < 101; ++field) many += "a: b\r\n";
    expect_error(answer_to(many + "\r\n"), 431, "head_too_large");
}

TEST_F(Wire, RefusesABodyThatIsTooLarge) {
    expect_error(answer_to(head_with("content-length: 65537\r\n") + std::string(65'537, ' ')), 413,
                 "request_too_large");
    expect_error(answer_to(head_with("content-length: 99999999999\r\n")), 413, "request_too_large");
    expect_error(
        answer_to(head_with("transfer-encoding: chunked\r\n") + "10001\r\n" + std::string(65'537, ' ')), 413,
        "request_too_large");
}

TEST_F(Wire, AnswersAClientThatStillSendsATooLargeBody) {
    Client client(line().gateway.address());
    client.send(head_with("content-length: 500000\r\n"));
    client.send(std::string(500'000, ' '));
    expect_error(client.read_response(), 413, "request_too_large");
}

TEST_F(Wire, DoesNotWaitForASlowHead) {
    expect_error(answer_to("GET /health HTTP/1.1\r\nhost: "), 408, "request_timeout");
}

TEST_F(Wire, DoesNotWaitForASlowBody) {
    expect_error(answer_to(head_with(sized()) + body().substr(0, 5)), 408, "request_timeout");
    expect_error(answer_to(head_with("transfer-encoding: chunked\r\n") + "5\r\nab"), 408, "request_timeout");
}

TEST_F(Wire, ClosesAnIdleConnectionWithoutAWord) {
    Client silent(line().gateway.address());
    Client used(line().gateway.address());
    used.call({.method = "GET", .path = "/health"});
    EXPECT_EQ(silent.read_to_end(), "");
    EXPECT_EQ(used.read_to_end(), "");
}

TEST_F(Wire, AnswersPipelinedRequestsInOrder) {
    Client client(line().gateway.address());
    client.send(to_bytes(line().chat("tokens=1+model=first")) +
                to_bytes({.method = "GET", .path = "/health"}) +
                to_bytes(line().chat("tokens=1+model=second")));
    EXPECT_EQ(json::parse(client.read_response().body).at("model"), "first");
    EXPECT_EQ(json::parse(client.read_response().body).at("status"), "ok");
    EXPECT_EQ(json::parse(client.read_response().body).at("model"), "second");
}

TEST_F(Wire, AnswersPipelinedChunkedRequestsInOrder) {
    Client client(line().gateway.address());
    std::ostringstream size;
    size << std::hex << body().size();
    const std::string request = head_with("transfer-encoding: chunked\r\n") + "1\r\n \r\n" + size.str() +
                                ";ext=1\r\n" + body() + "\r\n0\r\ntrailer: x\r\n\r\n";
    client.send(request + request);
    EXPECT_EQ(client.read_response().status, 200);
    EXPECT_EQ(client.read_response().status, 200);
}

TEST_F(Wire, TakesARequestByteByByte) {
    Client client(line().gateway.address());
    for (const char byte : to_bytes(line().chat("tokens=1"))) client.send(std::string(1, byte));
    EXPECT_EQ(client.read_response().status, 200);
}

TEST_F(Wire, KeepsTheConnectionAfterARefusal) {
    Client client(line().gateway.address());
    Request stranger = line().chat("tokens=1");
    stranger.key.clear();
    EXPECT_EQ(client.call(stranger).status, 401);
    Request broken = line().chat();
    broken.body = "{";
    EXPECT_EQ(client.call(broken).status, 400);
    EXPECT_EQ(client.call({.method = "GET", .path = "/nowhere"}).status, 404);
    EXPECT_EQ(client.call(line().chat("tokens=1")).status, 200);
}

TEST_F(Wire, InvitesABodyThatWaitsForIt) {
    Client client(line().gateway.address());
    client.send(head_with("expect: 100-continue\r\n" + sized()));
    EXPECT_EQ(client.read_head().status, 100);
    client.send(body());
    EXPECT_EQ(client.read_response().status, 200);
    EXPECT_EQ(client.call({.method = "GET", .path = "/health"}).status, 200);
}

TEST_F(Wire, DoesNotInviteABodyThatItRefuses) {
    expect_error(answer_to(head_with("expect: 100-continue\r\ncontent-length: 99999999\r\n")), 413,
                 "request_too_large");
}

TEST_F(Wire, SpeaksToOldClients) {
    const std::string old = "POST /v1/chat/completions HTTP/1.0\r\ncontent-type: application/json\r\n"
                            "authorization: Bearer " +
                            line().key.secret + "\r\n";
    for (const bool stream : {false, true}) {
        const std::string wanted = line().chat("tokens=2", {{"stream", stream}}).body;
        Client client(line().gateway.address());
        client.send(old + "content-length: " + std::to_string(wanted.size()) + "\r\n\r\n" + wanted);
        const Response response = client.read_response();
        EXPECT_EQ(response.status, 200);
        EXPECT_EQ(response.count("transfer-encoding"), 0U);
        EXPECT_EQ(response.field("connection"), "close");
        if (stream) EXPECT_EQ(events_of(response.body).back(), "[DONE]");
        if (!stream) EXPECT_EQ(json::parse(response.body).at("object"), "chat.completion");
        EXPECT_EQ(client.read_to_end(), "");
    }
}

TEST_F(Wire, ClosesWhenTheClientAsksForIt) {
    Client client(line().gateway.address());
    Request request{.method = "GET", .path = "/health"};
    request.fields = {{"connection", "close"}};
    const Response response = client.call(request);
    EXPECT_EQ(response.field("connection"), "close");
    EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(Wire, AnswersHeadWithoutABody) {
    Client client(line().gateway.address());
    client.send("HEAD /health HTTP/1.1\r\nhost: x\r\n\r\n");
    const Response head = client.read_head();
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.field("content-length"), "15");
    EXPECT_EQ(client.call({.method = "GET", .path = "/health"}).body.size(), 15U);
}

TEST_F(Wire, SaysWhatIsWrongWithAPathMethodOrType) {
    Request request = line().chat();
    request.path = "/v1/nothing";
    expect_error(line().call(request), 404, "unknown_path");
    request.path = "/nothing";
    expect_error(line().call(request), 404, "unknown_path");
    request = line().chat();
    request.method = "GET";
    const Response wrong_method = line().call(request);
    expect_error(wrong_method, 405, "method_not_allowed");
    EXPECT_EQ(wrong_method.field("allow"), "POST"); // RFC 9110 §15.5.6
    request = line().chat();
    request.path = "/v1/models";
    const Response read_only = line().call(request);
    expect_error(read_only, 405, "method_not_allowed");
    EXPECT_EQ(read_only.field("allow"), "GET, HEAD");
    request = line().chat();
    request.path = "/health";
    const Response health = line().call(request);
    expect_error(health, 405, "method_not_allowed");
    EXPECT_EQ(health.field("allow"), "GET, HEAD");
    request = line().chat();
    request.fields = {{"content-type", "text/plain"}};
    expect_error(line().call(request), 415, "unsupported_media_type");
    request = line().chat();
    request.fields = {{"content-encoding", "gzip"}};
    expect_error(line().call(request), 415, "unsupported_media_type");
}

TEST_F(Wire, SaysWhatIsWrongWithABody) {
    Request request = line().chat();
    for (const std::string bad : {"", "{", "[]", "{\"model\":\"a\",\"model\":\"b\",\"messages\":[]}", "\"x\"",
                                  "{\"model\":\"gpt-4o\xff\",\"messages\":[]}", "{} {}"}) {
        request.body = bad;
        const Response response = line().call(request);
        EXPECT_EQ(response.status, 400) << bad;
        EXPECT_EQ(error_of(response).value("type", ""), "invalid_request_error");
    }
    request.body = R"({"messages":[]})";
    const Response missing = line().call(request);
    expect_error(missing, 400, "missing_field");
    EXPECT_EQ(error_of(missing).at("param"), "model");
}

TEST_F(Wire, NeedsALengthForABody) {
    const Response response = answer_to(head_with(""));
    EXPECT_EQ(response.status, 411);
}

TEST_F(Wire, SaysWhichModelIsUnknown) {
    const Response response = line().call(line().chat({}, {{"model", "house-model"}}));
    expect_error(response, 404, "unknown_model");
}

TEST(OutOfDescriptors, LetsClientsWaitWithoutSpinning) {
    const Simulator simulator;
    const Gateway gateway(settings_for(simulator, json::object()), "ulimit -n 40; exec ");
    std::vector<std::unique_ptr<Client>> many;
    for (int count = 0; count < 60; ++count) many.push_back(std::make_unique<Client>(gateway.address()));
    const auto complaints = [&gateway] {
        const std::string log = gateway.process().output();
        std::size_t found = 0;
        for (auto at = log.find("cannot accept"); at != std::string::npos;
             at = log.find("cannot accept", at + 1))
            ++found;
        return found;
    };
    EXPECT_TRUE(eventually([&] { return complaints() >= 5; }));
    EXPECT_LT(complaints(), 20U);
    many.resize(5);
    EXPECT_EQ(gateway.call({.method = "GET", .path = "/health"}).status, 200);
}

} // namespace
} // namespace tollgate::testing
