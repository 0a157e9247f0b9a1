#include "support/gateway_fixture.hpp"

namespace tollgate::testing {
namespace {

json provider_settings(const json& provider) {
    return {{"providers", {{"openai", provider}}}};
}

class UpstreamFaults : public LineTest<UpstreamFaults> {
public:
    static json settings() { return provider_settings({{"attempts", 1}}); }
};

struct Refusal {
    std::string directives;
    int status;
    std::string reason;
};

TEST_F(UpstreamFaults, BecomeOneOfOurErrorsAndNeverTheProvidersText) {
    const std::vector<Refusal> table{
        {"status=500", 502, "all_providers_failed"},
        {"status=503", 502, "all_providers_failed"},
        {"status=529", 502, "all_providers_failed"},
        {"status=401", 502, "all_providers_failed"},
        {"status=403", 502, "all_providers_failed"},
        {"status=402", 502, "all_providers_failed"},
        {"fault=refuse", 502, "all_providers_failed"},
        {"fault=redirect", 502, "all_providers_failed"},
        {"fault=garbage", 502, "invalid_response"},
        {"fault=html", 502, "invalid_response"},
        {"fault=empty", 502, "invalid_response"},
        {"status=500+fault=html", 502, "all_providers_failed"},
        {"status=404+fault=html", 502, "invalid_response"},
    };
    for (const Refusal& row : table) {
        for (const bool stream : {false, true}) {
            const Response response = line().call(line().chat(row.directives, {{"stream", stream}}));
            EXPECT_EQ(response.status, row.status) << row.directives << response.body;
            EXPECT_EQ(response.field("content-type"), "application/json");
            const json error = error_of(response);
            EXPECT_EQ(error.value("reason", ""), row.reason) << row.directives;
            EXPECT_EQ(error.value("type", ""), "upstream_error");
            EXPECT_EQ(error.value("code", 0), row.status);
        }
    }
}

TEST_F(UpstreamFaults, InAPlainAnswerAreSeenBeforeTheClientGetsIt) {
    for (const std::string directives : {"fault=cut:20", "fault=close:20", "fault=badjson"}) {
        const Response response = line().call(line().chat(directives));
        EXPECT_EQ(response.status, 502) << directives;
        EXPECT_EQ(error_of(response).value("type", ""), "upstream_error") << directives;
    }
}

TEST_F(UpstreamFaults, OfTheCallersMakingPassAsTheyAre) {
    for (const int status : {400, 404, 409, 422}) {
        const Response response = line().call(line().chat("status=" + std::to_string(status) + "+code=odd"));
        EXPECT_EQ(response.status, status);
        const json error = error_of(response);
        EXPECT_EQ(error.value("code", ""), "odd");
        EXPECT_EQ(response.count("x-ratelimit-limit"), 1U);
    }
}

TEST_F(UpstreamFaults, KeepTheRetryFieldsOfABusyProvider) {
    const Response response =
        line().call(line().chat("status=429+code=rate_limit_exceeded+retry_after=7+retry_after_ms=6500"));
    EXPECT_EQ(response.status, 429);
    EXPECT_EQ(response.field("retry-after"), "7");
    EXPECT_EQ(response.field("retry-after-ms"), "6500");
    EXPECT_EQ(error_of(response).value("code", ""), "rate_limit_exceeded");
}

TEST_F(UpstreamFaults, EndABegunStreamByAnErrorEventAndNoDone) {
    for (const std::string directives :
         {"tokens=9+fault=cut:3", "tokens=9+fault=close:3", "tokens=9+fault=cut:3+split=5"}) {
        const auto events = events_of(line().call(line().chat(directives, {{"stream", true}})).body);
        ASSERT_FALSE(events.empty());
        const json error = json::parse(events.back()).at("error");
        EXPECT_EQ(error.at("reason"), "invalid_response") << directives;
        EXPECT_EQ(error.at("type"), "upstream_error");
        for (const std::string& event : events) EXPECT_NE(event, "[DONE]");
    }
}

TEST_F(UpstreamFaults, ReportedByTheProviderInTheStreamPassOnceAndWithoutDone) {
    const Response response = line().call(line().chat("tokens=9+error_in_stream=3", {{"stream", true}}));
    const auto events = events_of(response.body);
    ASSERT_EQ(events.size(), 4U);
    EXPECT_TRUE(json::parse(events.back()).contains("error"));
    EXPECT_FALSE(json::parse(events[2]).contains("error"));
}

TEST_F(UpstreamFaults, LeaveTheClientsConnectionUsable) {
    Client client(line().gateway.address());
    for (const std::string directives : {"fault=refuse", "status=500", "fault=badjson", "fault=garbage"}) {
        EXPECT_EQ(client.call(line().chat(directives)).status, 502);
        EXPECT_EQ(client.call(line().chat("tokens=9+fault=cut:2", {{"stream", true}})).status, 200);
        EXPECT_EQ(client.call(line().chat("tokens=1")).status, 200);
    }
}

TEST_F(UpstreamFaults, NeverPutAConnectionBackThatHasSurplusBytesOrWasClosed) {
    for (const std::string fault : {"fault=extra", "fault=stale"}) {
        for (const bool stream : {false, true}) {
            const Request request = line().chat("tokens=1+" + fault, {{"stream", stream}});
            for (int call = 0; call < 10; ++call) EXPECT_EQ(line().call(request).status, 200) << fault;
        }
    }
}

TEST_F(UpstreamFaults, OfAKeptConnectionAreMendedOnceByAFreshOne) {
    EXPECT_EQ(line().call(line().chat("tokens=1")).status, 200); // leaves a connection to be used again
    const std::string tag = new_tag();
    EXPECT_EQ(line().call(line().chat("fault=refuse+tag=" + tag)).status, 502);
    const auto records = line().simulator.records(tag);
    ASSERT_EQ(records.size(), 2U);
    EXPECT_GT(records[0].at("request_on_connection"), 1);
    EXPECT_EQ(records[1].at("request_on_connection"), 1);
}

TEST_F(UpstreamFaults, DoNotOutliveARestartOfTheProvider) {
    EXPECT_EQ(line().call(line().chat("tokens=1")).status, 200);
    line().simulator.restart();
    EXPECT_EQ(line().call(line().chat("tokens=1")).status, 200);
}

TEST_F(UpstreamFaults, DoNotMakeTheGatewayFollowARedirect) {
    const std::size_t before = line().simulator.records().size();
    EXPECT_EQ(line().call(line().chat("fault=redirect")).status, 502);
    const auto records = line().simulator.records();
    ASSERT_EQ(records.size(), before + 1);
    EXPECT_EQ(records.back().at("target"), "/v1/chat/completions");
}

class Timeouts : public LineTest<Timeouts> {
public:
    static json settings() {
        return provider_settings(
            {{"attempts", 1},
             {"timeouts",
              {{"connect", "500ms"}, {"first_byte", "400ms"}, {"idle", "400ms"}, {"total", "2s"}}}});
    }
};

TEST_F(Timeouts, EndTheWaitForTheFirstByte) {
    for (const bool stream : {false, true}) {
        const Response response = line().call(line().chat("fault=hang", {{"stream", stream}}));
        EXPECT_EQ(response.status, 504);
        EXPECT_EQ(error_of(response).value("reason", ""), "first_byte_timeout");
        EXPECT_EQ(error_of(response).value("type", ""), "gateway_timeout");
    }
}

TEST_F(Timeouts, EndTheWaitForTheRestOfAPlainAnswer) {
    const Response response = line().call(line().chat("fault=hang:20"));
    EXPECT_EQ(response.status, 504);
    EXPECT_EQ(error_of(response).value("reason", ""), "idle_timeout");
}

TEST_F(Timeouts, EndASilentStreamByAnErrorEvent) {
    const Response response = line().call(line().chat("tokens=9+fault=hang:3", {{"stream", true}}));
    EXPECT_EQ(response.status, 200);
    const auto events = events_of(response.body);
    EXPECT_EQ(json::parse(events.back()).at("error").at("reason"), "idle_timeout");
    EXPECT_EQ(events.size(), 4U);
}

TEST_F(Timeouts, EndAStreamThatNeverFallsSilentWhenItsTimeIsOver) {
    const Response response = line().call(line().chat("tokens=1000+tps=20", {{"stream", true}}));
    const auto events = events_of(response.body);
    EXPECT_EQ(json::parse(events.back()).at("error").at("reason"), "total_timeout");
    EXPECT_GT(events.size(), 10U);
}

TEST_F(Timeouts, EndAHeadThatDripsSinceTheFirstByteIsNotTheWholeHead) {
    const Response response = line().call(line().chat("fault=drip:30"));
    EXPECT_EQ(response.status, 504);
    EXPECT_EQ(error_of(response).value("reason", ""), "first_byte_timeout");
}

TEST_F(Timeouts, CloseTheConnectionToTheProvider) {
    const std::string tag = new_tag();
    EXPECT_EQ(line().call(line().chat("fault=hang+tag=" + tag)).status, 504);
    EXPECT_TRUE(line().simulator.ended_record(tag).at("client_left").get<bool>());
}

class Breaker : public LineTest<Breaker> {
public:
    static json settings() {
        return provider_settings({{"attempts", 1}, {"breaker", {{"failures", 3}, {"open_time", "1s"}}}});
    }
};

TEST_F(Breaker, LeavesAProviderAloneThatFailedRepeatedlyAndTriesAgainLater) {
    const std::string tag = new_tag();
    const Request bad = line().chat("status=500+tag=" + tag);
    const Request good = line().chat("tokens=1");
    for (int call = 0; call < 3; ++call) EXPECT_EQ(line().call(bad).status, 502);
    const Response refused = line().call(good);
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(error_of(refused).value("reason", ""), "no_provider");
    EXPECT_EQ(refused.count("retry-after"), 1U);
    EXPECT_EQ(line().call(bad).status, 503);
    EXPECT_EQ(line().simulator.records(tag).size(), 3U);
    EXPECT_TRUE(eventually([&] { return line().call(good).status == 200; }, std::chrono::seconds(5)));
    for (int call = 0; call < 2; ++call) EXPECT_EQ(line().call(bad).status, 502);
    EXPECT_EQ(line().call(good).status, 200); // two failures since the last success do not open it
}

TEST_F(Breaker, IsNotOpenedByTheCallersFaults) {
    for (int call = 0; call < 6; ++call) EXPECT_EQ(line().call(line().chat("status=400")).status, 400);
    EXPECT_EQ(line().call(line().chat("tokens=1")).status, 200);
}

class FullPool : public LineTest<FullPool> {
public:
    static json settings() {
        return provider_settings({{"attempts", 1}, {"connections", 1}, {"breaker", {{"failures", 2}}}});
    }
};

TEST_F(FullPool, RefusesWhatIsTooMuchAndDoesNotBlameTheProvider) {
    const std::string tag = new_tag();
    {
        Client first(line().gateway.address());
        first.send(line().chat("fault=hang+tag=" + tag));
        EXPECT_TRUE(eventually([&] { return line().simulator.records(tag).size() == 1; }));
        for (int call = 0; call < 5; ++call) {
            const Response refused = line().call(line().chat("tokens=1"));
            EXPECT_EQ(refused.status, 503);
            EXPECT_EQ(error_of(refused).value("reason", ""), "overloaded");
            EXPECT_EQ(refused.count("retry-after"), 1U);
        }
    }
    line().simulator.ended_record(tag);
    EXPECT_TRUE(eventually([] { return line().call(line().chat("tokens=1")).status == 200; },
                           std::chrono::seconds(5)));
}

class Retries : public LineTest<Retries> {
public:
    static json settings() {
        return provider_settings({{"attempts", 3}, {"keys", {operator_key, "sk-the-other"}}});
    }
};

std::string key_of(const json& record) {
    for (const json& field : record.at("headers"))
        if (field[0] == "authorization") return field[1].get<std::string>().substr(7);
    return "";
}

TEST_F(Retries, UseTheOtherCredentialAtOnce) {
    const std::string tag = new_tag();
    const Response response = line().call(line().chat("status_once=500:1+tokens=2+tag=" + tag));
    EXPECT_EQ(response.status, 200) << response.body;
    const auto records = line().simulator.records(tag);
    ASSERT_EQ(records.size(), 2U);
    EXPECT_NE(key_of(records[0]), key_of(records[1]));
    EXPECT_EQ(records[0].at("body"), records[1].at("body"));
}

TEST_F(Retries, EndWithTheAnswerOfTheLastAttempt) {
    const std::string tag = new_tag();
    EXPECT_EQ(line().call(line().chat("status=500+tag=" + tag)).status, 502);
    EXPECT_EQ(line().simulator.records(tag).size(), 3U);
}

TEST_F(Retries, OfARefusedCredentialAreMadeWithTheOtherAlone) {
    const std::string tag = new_tag();
    EXPECT_EQ(line().call(line().chat("status=401+tag=" + tag)).status, 502);
    const auto records = line().simulator.records(tag);
    ASSERT_EQ(records.size(), 2U);
    EXPECT_NE(key_of(records[0]), key_of(records[1]));
}

TEST_F(Retries, AreNotMadeForTheCallersFault) {
    const std::string tag = new_tag();
    EXPECT_EQ(line().call(line().chat("status=422+tag=" + tag)).status, 422);
    EXPECT_EQ(line().simulator.records(tag).size(), 1U);
}

TEST_F(Retries, AreNotMadeOnceTheStreamHasBegun) {
    const std::string tag = new_tag();
    line().call(line().chat("tokens=5+fault=cut:2+tag=" + tag, {{"stream", true}}));
    EXPECT_EQ(line().simulator.records(tag).size(), 1U);
}

TEST_F(Retries, TakeTheCredentialsInTurn) {
    const std::string tag = new_tag();
    for (int call = 0; call < 4; ++call) line().call(line().chat("tokens=1+tag=" + tag));
    const auto records = line().simulator.records(tag);
    ASSERT_EQ(records.size(), 4U);
    EXPECT_NE(key_of(records[0]), key_of(records[1]));
    EXPECT_EQ(key_of(records[0]), key_of(records[2]));
}

class Fallbacks : public LineTest<Fallbacks> {
public:
    static json settings() {
        const json dead{{"protocol", "openai"},
                        {"base_url", "http://127.0.0.1:9/v1"},
                        {"keys", {"sk-dead"}},
                        {"attempts", 1},
                        {"breaker", {{"failures", 0}}}};
        return {{"providers", {{"dead", dead}}},
                {"routing", {{"fallbacks", {{"dead/gpt-4o", {"openai/gpt-4o-mini"}}}}}}};
    }
};

TEST_F(Fallbacks, TakeOverFromAProviderThatCannotBeReached) {
    Request request = line().chat();
    request.body = R"({"model":"dead/gpt-4o","messages":[{"role":"user","content":"hello"}]})";
    const Response response = line().call(request);
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(json::parse(response.body).at("model"), "gpt-4o-mini");
}

TEST_F(Fallbacks, AreNotInventedForOtherModels) {
    Request request = line().chat();
    request.body = R"({"model":"dead/gpt-4","messages":[{"role":"user","content":"hello"}]})";
    const Response response = line().call(request);
    EXPECT_EQ(response.status, 502);
    EXPECT_EQ(error_of(response).value("reason", ""), "all_providers_failed");
}

} // namespace
} // namespace tollgate::testing
