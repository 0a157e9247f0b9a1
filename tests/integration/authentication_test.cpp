#include "support/gateway_fixture.hpp"

#include <array>
#include <chrono>
#include <ctime>

namespace tollgate::testing {
namespace {

class Authentication : public LineTest<Authentication> {
public:
    static json settings() { return {{"providers", {{"openai", {{"attempts", 1}}}}}}; }

    static Response call_with(std::vector<std::pair<std::string, std::string>> fields) {
        Request request = line().chat();
        request.key.clear();
        request.fields = std::move(fields);
        return line().call(request);
    }

    static Response call_with_key(const std::string& key) {
        return call_with({{"authorization", "Bearer " + key}});
    }

    static void expect_refused(const Response& response, int status, const std::string& reason) {
        EXPECT_EQ(response.status, status) << response.body;
        const json error = error_of(response);
        EXPECT_EQ(error.value("reason", ""), reason);
        EXPECT_EQ(error.value("code", 0), status);
        EXPECT_EQ(response.count("x-request-id"), 1U);
    }
};

std::string rfc3339(std::chrono::system_clock::time_point time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm fields{};
    ::gmtime_r(&seconds, &fields);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%FT%TZ", &fields)};
}

TEST_F(Authentication, RefusesACallWithoutAKey) {
    expect_refused(call_with({}), 401, "missing_key");
    expect_refused(call_with({{"authorization", "Basic dXNlcjpwYXNz"}}), 401, "missing_key");
    expect_refused(call_with({{"authorization", "Bearer "}}), 401, "missing_key");
    expect_refused(call_with({{"x-api-key", ""}}), 401, "missing_key");
}

TEST_F(Authentication, RefusesWhatIsNoKey) {
    const std::string good = line().key.secret;
    const std::string upper = "SK-" + good.substr(3);
    for (const std::string& bad : {std::string("sk-short"), good + "0", good.substr(0, 66), upper,
                                   "sk-" + std::string(64, 'g'), good.substr(0, 66) + "Z"}) {
        expect_refused(call_with_key(bad), 401, "invalid_key");
    }
}

TEST_F(Authentication, RefusesAKeyThatNobodyMade) {
    expect_refused(call_with_key("sk-" + std::string(64, 'a')), 401, "invalid_key");
}

TEST_F(Authentication, TakesAKeyInFourFields) {
    const std::string& key = line().key.secret;
    EXPECT_EQ(call_with({{"authorization", "Bearer " + key}}).status, 200);
    EXPECT_EQ(call_with({{"AUTHORIZATION", "bEaReR   " + key}}).status, 200);
    EXPECT_EQ(call_with({{"x-api-key", key}}).status, 200);
    EXPECT_EQ(call_with({{"api-key", key}}).status, 200);
    EXPECT_EQ(call_with({{"X-Goog-Api-Key", key}}).status, 200);
    EXPECT_EQ(call_with({{"x-api-key", key}, {"authorization", "Bearer " + key}}).status, 200);
}

TEST_F(Authentication, RefusesTwoDifferentKeysEvenIfOneIsGood) {
    const std::string& good = line().key.secret;
    const std::string other = "sk-" + std::string(64, 'b');
    expect_refused(call_with({{"authorization", "Bearer " + good}, {"x-api-key", other}}), 400,
                   "ambiguous_credential");
    expect_refused(call_with({{"x-api-key", other}, {"api-key", good}}), 400, "ambiguous_credential");
}

TEST_F(Authentication, DoesNotReadTheBodyOfAStranger) {
    Client client(line().gateway.address());
    client.send("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
                "content-length: 5000000\r\nexpect: 100-continue\r\n\r\n");
    expect_refused(client.read_response(), 401, "missing_key");
}

TEST_F(Authentication, RefusesAKeyWithinASecondAfterItWasRevoked) {
    const Key key = line().gateway.create_key();
    EXPECT_EQ(call_with_key(key.secret).status, 200);
    line().gateway.key_command({"revoke", key.id});
    EXPECT_TRUE(eventually([&] { return call_with_key(key.secret).status == 401; }, std::chrono::seconds(2)));
    expect_refused(call_with_key(key.secret), 401, "revoked_key");
}

TEST_F(Authentication, RefusesADisabledKeyUntilItIsEnabled) {
    const Key key = line().gateway.create_key();
    EXPECT_EQ(call_with_key(key.secret).status, 200);
    line().gateway.key_command({"disable", key.id});
    EXPECT_TRUE(eventually([&] { return call_with_key(key.secret).status == 401; }, std::chrono::seconds(2)));
    expect_refused(call_with_key(key.secret), 401, "disabled_key");
    line().gateway.key_command({"enable", key.id});
    EXPECT_TRUE(eventually([&] { return call_with_key(key.secret).status == 200; }, std::chrono::seconds(2)));
}

TEST_F(Authentication, RefusesAKeyFromTheMomentItExpires) {
    const auto soon =
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + std::chrono::seconds(3);
    const Key key = line().gateway.create_key({"--expires", rfc3339(soon), "--rate-limit", "10000"});
    EXPECT_EQ(call_with_key(key.secret).status, 200);
    EXPECT_TRUE(eventually([&] { return call_with_key(key.secret).status != 200; }));
    EXPECT_GE(std::chrono::system_clock::now(), soon);
    expect_refused(call_with_key(key.secret), 403, "expired_key");
}

TEST_F(Authentication, FindsOutAboutAKeyThatWasMadeAfterItWasTried) {
    EXPECT_EQ(call_with_key("sk-" + std::string(64, 'c')).status, 401);
    const Key key = line().gateway.create_key();
    EXPECT_EQ(call_with_key(key.secret).status, 200);
}

TEST_F(Authentication, ReplacesASecretAtOnceWithoutGrace) {
    const Key key = line().gateway.create_key();
    EXPECT_EQ(call_with_key(key.secret).status, 200);
    const json rotated = line().gateway.key_command({"rotate", key.id});
    EXPECT_EQ(call_with_key(rotated.at("key")).status, 200);
    EXPECT_TRUE(eventually([&] { return call_with_key(key.secret).status == 401; }, std::chrono::seconds(2)));
}

TEST_F(Authentication, KeepsTheOldSecretForTheGraceAndNoLonger) {
    const Key key = line().gateway.create_key({"--rate-limit", "10000"});
    const json rotated = line().gateway.key_command({"rotate", key.id, "--grace", "3s"});
    EXPECT_EQ(call_with_key(key.secret).status, 200);
    EXPECT_EQ(call_with_key(rotated.at("key")).status, 200);
    EXPECT_TRUE(eventually([&] { return call_with_key(key.secret).status == 401; }, std::chrono::seconds(6)));
    EXPECT_EQ(call_with_key(rotated.at("key")).status, 200);
}

TEST_F(Authentication, AllowsOnlyTheAddressesOfTheKey) {
    const Key elsewhere = line().gateway.create_key({"--ip-allow", "10.0.0.0/8"});
    expect_refused(call_with_key(elsewhere.secret), 403, "address_not_allowed");
    const Key here = line().gateway.create_key({"--ip-allow", "127.0.0.0/8"});
    EXPECT_EQ(call_with_key(here.secret).status, 200);
    expect_refused(
        call_with({{"authorization", "Bearer " + elsewhere.secret}, {"x-forwarded-for", "10.0.0.1"}}), 403,
        "address_not_allowed");
}

TEST_F(Authentication, NeverSendsTheClientsKeyToTheProvider) {
    const std::string& key = line().key.secret;
    for (const std::string field : {"authorization", "x-api-key", "api-key", "x-goog-api-key"}) {
        const std::string tag = new_tag();
        Request request = line().chat("tag=" + tag);
        request.key.clear();
        request.fields = {{field, field == "authorization" ? "Bearer " + key : key}};
        EXPECT_EQ(line().call(request).status, 200);
        const std::string record = line().simulator.ended_record(tag).dump();
        EXPECT_EQ(record.find(key.substr(3)), std::string::npos) << field;
        EXPECT_NE(record.find("Bearer " + operator_key), std::string::npos);
    }
}

TEST_F(Authentication, NeverShowsTheProvidersKeyToAClient) {
    for (const std::string directives : {"", "status=401", "status=403", "status=400", "status=500"}) {
        const Response response = line().call(line().chat(directives));
        EXPECT_EQ((response.head + response.body).find(operator_key), std::string::npos) << directives;
    }
}

TEST_F(Authentication, WritesNoSecretToTheLog) {
    call_with_key(line().key.secret);
    call_with_key("sk-" + std::string(64, 'd'));
    const std::string log = line().gateway.process().output();
    EXPECT_EQ(log.find(line().key.secret.substr(3)), std::string::npos);
    EXPECT_EQ(log.find(std::string(64, 'd')), std::string::npos);
    EXPECT_EQ(log.find(operator_key), std::string::npos);
}

} // namespace
} // namespace tollgate::testing
