#include "support/gateway_fixture.hpp"

#include <thread>

namespace tollgate::testing {
namespace {

/// Two workers, so that what they count together is tested too.
class Limits : public LineTest<Limits> {
public:
    static json settings() { return {{"server", {{"workers", 2}}}, {"accounts", {{"concurrency", 0}}}}; }
};

class Concurrency : public LineTest<Concurrency> {
public:
    static json settings() {
        return {{"server", {{"workers", 2}}},
                {"accounts", {{"concurrency", 5}}},
                {"providers", {{"openai", {{"attempts", 1}}}}}};
    }
};

void expect_retry_fields(const Response& response) {
    const int seconds = std::stoi(response.field("retry-after"));
    EXPECT_EQ(response.field("retry-after"), std::to_string(seconds));
    EXPECT_GE(seconds, 1);
    EXPECT_LE(seconds, 60);
    const int milliseconds = std::stoi(response.field("retry-after-ms"));
    EXPECT_GE(milliseconds, 1);
    EXPECT_LE(milliseconds, seconds * 1000);
    EXPECT_GT(milliseconds, (seconds - 1) * 1000 - 1);
}

/// Sends each connection's share of calls, all connections at once.
std::vector<Response> flood(const Line& line, const Request& request, int connections, int calls) {
    std::vector<std::vector<Response>> answers(static_cast<std::size_t>(connections));
    std::vector<std::jthread> threads;
    for (auto& mine : answers) {
        threads.emplace_back([&line, &request, &mine, calls] {
            Client client(line.gateway.address());
            for (int call = 0; call < calls; ++call) mine.push_back(client.call(request));
        });
    }
    threads.clear();
    std::vector<Response> all;
    for (const auto& mine : answers) all.insert(all.end(), mine.begin(), mine.end());
    return all;
}

TEST_F(Limits, AdmitsExactlySixtyOfAHundredAndTwentyCalls) {
    const Key key = line().gateway.create_key({"--rate-limit", "60"});
    const std::string tag = new_tag();
    Request request = line().chat("tokens=1+tag=" + tag);
    request.key = key.secret;
    int admitted = 0;
    for (const Response& response : flood(line(), request, 20, 6)) {
        EXPECT_EQ(response.field("x-ratelimit-limit"), "60");
        EXPECT_EQ(response.field("x-ratelimit-limit-requests"), "60");
        if (response.status == 200) {
            ++admitted;
            continue;
        }
        EXPECT_EQ(response.status, 429);
        EXPECT_EQ(error_of(response).at("reason"), "requests_per_minute");
        EXPECT_EQ(error_of(response).at("type"), "rate_limit_error");
        EXPECT_EQ(response.field("x-ratelimit-remaining"), "0");
        EXPECT_EQ(response.field("x-ratelimit-remaining-requests"), "0");
        EXPECT_GE(std::stoi(response.field("x-ratelimit-reset")), 1);
        expect_retry_fields(response);
    }
    EXPECT_EQ(admitted, 60);
    EXPECT_EQ(line().simulator.records(tag).size(), 60U);
}

TEST_F(Limits, CountsDownWhatIsLeft) {
    const Key key = line().gateway.create_key({"--rate-limit", "3"});
    Request request = line().chat("tokens=1");
    request.key = key.secret;
    for (const std::string left : {"2", "1", "0"})
        EXPECT_EQ(line().call(request).field("x-ratelimit-remaining-requests"), left);
    EXPECT_EQ(line().call(request).status, 429);
}

TEST_F(Limits, DoesNotCountWhatIsRefusedBefore) {
    const Key key = line().gateway.create_key({"--rate-limit", "1"});
    Request request = line().chat("tokens=1");
    request.key = key.secret;
    Request broken = request;
    broken.body = "{";
    for (int call = 0; call < 5; ++call) EXPECT_EQ(line().call(broken).status, 400);
    EXPECT_EQ(line().call(request).status, 200);
    EXPECT_EQ(line().call(request).status, 429);
}

TEST_F(Limits, TakesALimitThatWasRaisedWhileItRuns) {
    const Key key = line().gateway.create_key({"--rate-limit", "1"});
    Request request = line().chat("tokens=1");
    request.key = key.secret;
    EXPECT_EQ(line().call(request).status, 200);
    EXPECT_EQ(line().call(request).status, 429);
    line().gateway.key_command({"update", key.id, "--rate-limit", "100"});
    EXPECT_TRUE(eventually([&] { return line().call(request).status == 200; }, std::chrono::seconds(2)));
}

TEST_F(Limits, RefusesWhenTheTokensOfTheMinuteAreUsed) {
    const Key key = line().gateway.create_key({"--token-limit", "500"});
    Request request = line().chat("tokens=400+prompt_tokens=200");
    request.key = key.secret;
    const Response first = line().call(request);
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(first.field("x-ratelimit-limit-tokens"), "500");
    EXPECT_EQ(first.count("x-ratelimit-remaining-tokens"), 1U);
    EXPECT_EQ(first.count("x-ratelimit-reset-tokens"), 1U);
    const Response second = line().call(request);
    EXPECT_EQ(second.status, 429) << second.body;
    EXPECT_EQ(error_of(second).at("reason"), "tokens_per_minute");
    EXPECT_EQ(second.field("x-ratelimit-remaining-tokens"), "0");
    expect_retry_fields(second);
}

TEST_F(Limits, BoundsTheCallsInFlightOfAKey) {
    const Key key = line().gateway.create_key({"--concurrency", "1"});
    const std::string tag = new_tag();
    Request request = line().chat("fault=hang+tag=" + tag);
    request.key = key.secret;
    Client first(line().gateway.address());
    first.send(request);
    EXPECT_TRUE(eventually([&] { return line().simulator.records(tag).size() == 1; }));
    const Response second = line().call(request);
    EXPECT_EQ(second.status, 429);
    EXPECT_EQ(error_of(second).at("reason"), "concurrency");
    expect_retry_fields(second);
}

TEST_F(Concurrency, RefusesTheSixthCallOfAnAccountUntilOneOfTheFiveEnds) {
    const std::string tag = new_tag();
    const Request hanging = line().chat("fault=hang:2+tag=" + tag, {{"stream", true}});
    std::vector<std::unique_ptr<Client>> five;
    for (int call = 0; call < 5; ++call) {
        five.push_back(std::make_unique<Client>(line().gateway.address()));
        five.back()->send(hanging);
        EXPECT_EQ(five.back()->read_head().status, 200);
    }
    const Key other = line().gateway.create_key(); // of the same account
    Request sixth = line().chat("tokens=1");
    for (const std::string& key : {line().key.secret, other.secret}) {
        sixth.key = key;
        const Response refused = line().call(sixth);
        EXPECT_EQ(refused.status, 429);
        EXPECT_EQ(error_of(refused).at("reason"), "concurrency");
        expect_retry_fields(refused);
    }
    five.pop_back();
    EXPECT_TRUE(eventually([&] { return line().call(sixth).status == 200; }, std::chrono::seconds(5)));
    EXPECT_EQ(line().simulator.records(tag).size(), 5U);
}

TEST_F(Concurrency, FreesThePlaceOfEveryCallThatEndedHoweverItEnded) {
    for (const std::string directives :
         {"tokens=1", "status=400", "fault=cut:1", "fault=garbage", "fault=html", "fault=badjson"}) {
        for (const bool stream : {false, true}) {
            for (int call = 0; call < 6; ++call) {
                Request request = line().chat(directives, {{"stream", stream}});
                EXPECT_NE(line().call(request).status, 429) << directives;
            }
        }
    }
}

} // namespace
} // namespace tollgate::testing
