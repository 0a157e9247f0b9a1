#include "support/certificate.hpp"
#include "support/gateway_fixture.hpp"

namespace tollgate::testing {
namespace {

/// Files that live as long as the program.
const Certificate& certificate_for(const std::string& name) {
    static std::map<std::string, std::pair<std::unique_ptr<TemporaryDirectory>, Certificate>> made;
    auto& [folder, certificate] = made[name];
    if (!folder) {
        folder = std::make_unique<TemporaryDirectory>();
        certificate = make_certificate(folder->path(), name);
    }
    return certificate;
}

const Certificate& of_loopback() {
    return certificate_for("IP:127.0.0.1");
}

std::vector<std::string> simulator_with(const Certificate& certificate) {
    return {"--tls-certificate", certificate.chain_file, "--tls-key", certificate.key_file};
}

/// TLS on both sides.
class Tls : public ::testing::Test {
public:
    static void SetUpTestSuite() {
        const json settings{
            {"server",
             {{"tls", {{"certificate", of_loopback().chain_file}, {"private_key", of_loopback().key_file}}},
              {"limits", {{"head_time", "500ms"}}}}},
            {"providers",
             {{"openai", {{"attempts", 1}, {"certificate_authority", of_loopback().chain_file}}}}}};
        line_ = std::make_unique<Line>(settings, simulator_with(of_loopback()));
    }
    static void TearDownTestSuite() { line_.reset(); }
    static Line& line() { return *line_; }

private:
    inline static std::unique_ptr<Line> line_;
};

TEST_F(Tls, CarriesPlainAnswersAndStreams) {
    ASSERT_TRUE(line().gateway.address().text.starts_with("https://"));
    ASSERT_TRUE(line().simulator.address().text.starts_with("https://"));
    Client client(line().gateway.address());
    for (const bool stream : {false, true, false}) {
        const Response response = client.call(line().chat("tokens=5+tps=100", {{"stream", stream}}));
        EXPECT_EQ(response.status, 200);
        if (stream) EXPECT_EQ(events_of(response.body).back(), "[DONE]");
    }
}

TEST_F(Tls, CarriesMegabytesInBothDirections) {
    const std::string tag = new_tag();
    Request request = line().chat("fault=bigbody:5000000+tag=" + tag);
    json body = json::parse(request.body);
    body["messages"][0]["content"] = std::string(3'000'000, 'x');
    request.body = body.dump();
    const Response response = line().call(request);
    EXPECT_EQ(response.status, 200);
    EXPECT_GT(response.body.size(), 5'000'000U);
    EXPECT_EQ(line().simulator.ended_record(tag).at("body_bytes"), request.body.size());
}

TEST_F(Tls, KeepsConnectionsToTheProvider) {
    const std::string tag = new_tag();
    for (int call = 0; call < 4; ++call)
        line().call(line().chat("tokens=2+tag=" + tag, {{"stream", call % 2 == 0}}));
    const auto records = line().simulator.records(tag);
    ASSERT_EQ(records.size(), 4U);
    EXPECT_EQ(records.front().at("connection"), records.back().at("connection"));
}

TEST_F(Tls, NoticesAClientThatLeaves) {
    for (const bool stream : {false, true}) {
        const std::string tag = new_tag();
        Client client(line().gateway.address());
        client.send(line().chat("fault=hang+tag=" + tag, {{"stream", stream}}));
        EXPECT_TRUE(eventually([&] { return line().simulator.records(tag).size() == 1; }));
        client.close();
        EXPECT_TRUE(line().simulator.ended_record(tag).at("client_left").get<bool>());
    }
}

TEST_F(Tls, SeesACutStream) {
    const Response response = line().call(line().chat("tokens=9+fault=cut:3", {{"stream", true}}));
    EXPECT_TRUE(json::parse(events_of(response.body).back()).contains("error"));
}

TEST_F(Tls, ClosesAConnectionThatSpeaksPlainHttp) {
    Client client({"http://" + line().gateway.address().text.substr(8)});
    client.send("GET /health HTTP/1.1\r\nhost: x\r\n\r\n");
    const auto answer = client.read_to_end();
    if (answer) EXPECT_EQ(answer->find("HTTP/1.1 200"), std::string::npos);
}

TEST_F(Tls, DoesNotWaitForAHandshakeThatNeverComes) {
    Client client({"http://" + line().gateway.address().text.substr(8)});
    EXPECT_TRUE(client.is_closed_within(std::chrono::seconds(5)));
}

TEST(TlsUpstream, IsRefusedWhenTheCertificateIsNotTrusted) {
    Line line({{"providers", {{"openai", {{"attempts", 1}}}}}}, simulator_with(of_loopback()));
    const Response response = line.call(line.chat());
    EXPECT_EQ(response.status, 502);
    EXPECT_EQ(error_of(response).value("reason", ""), "all_providers_failed");
    EXPECT_TRUE(line.simulator.records().empty());
}

TEST(TlsUpstream, IsRefusedWhenTheCertificateIsOfAnotherHost) {
    for (const std::string name : {"DNS:elsewhere.example", "IP:127.0.0.2"}) {
        const Certificate& certificate = certificate_for(name);
        Line line({{"providers",
                    {{"openai", {{"attempts", 1}, {"certificate_authority", certificate.chain_file}}}}}},
                  simulator_with(certificate));
        const Response response = line.call(line.chat());
        EXPECT_EQ(response.status, 502) << name;
        EXPECT_EQ(error_of(response).value("reason", ""), "all_providers_failed");
        EXPECT_TRUE(line.simulator.records().empty());
    }
}

TEST(TlsUpstream, IsCheckedByName) {
    const Certificate& certificate = certificate_for("DNS:localhost");
    const Simulator simulator(simulator_with(certificate));
    const std::string port = simulator.address().text.substr(simulator.address().text.rfind(':'));
    Line line({{"providers",
                {{"openai",
                  {{"attempts", 1},
                   {"base_url", "https://localhost" + port + "/v1"},
                   {"certificate_authority", certificate.chain_file}}}}}});
    EXPECT_EQ(line.call(line.chat()).status, 200);
}

} // namespace
} // namespace tollgate::testing
