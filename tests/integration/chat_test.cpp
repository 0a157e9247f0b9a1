#include "support/gateway_fixture.hpp"

namespace tollgate::testing {
namespace {

class Chat : public LineTest<Chat> {
public:
    static json settings() {
        return {{"routing",
                 {{"aliases", {{"fast", "openai/gpt-4o-mini"}, {"team/house", "openai/gpt-4o"}}},
                  {"pool", "openai"}}}};
    }
};

std::string header_of(const json& record, const std::string& name) {
    std::string found;
    for (const json& field : record.at("headers")) {
        std::string lower = field[0];
        std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
        if (lower == name) found += (found.empty() ? "" : " AND ") + field[1].get<std::string>();
    }
    return found;
}

std::string text_of_stream(const std::vector<std::string>& events) {
    std::string text;
    for (const std::string& event : events) {
        if (event == "[DONE]") continue;
        const json chunk = json::parse(event);
        for (const json& choice : chunk.at("choices")) text += choice.at("delta").value("content", "");
    }
    return text;
}

TEST_F(Chat, AnswersAPlainCallWithTheProvidersBody) {
    const std::string tag = new_tag();
    const Response response = line().call(line().chat("tokens=7+tag=" + tag));
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.field("content-type"), "application/json");
    EXPECT_EQ(response.count("content-length"), 1U);
    EXPECT_EQ(response.count("transfer-encoding"), 0U);
    EXPECT_EQ(response.count("x-request-id"), 1U);
    const json body = json::parse(response.body);
    EXPECT_EQ(body.at("usage").at("completion_tokens"), 7);
    EXPECT_FALSE(body.at("choices").at(0).at("message").at("content").get<std::string>().empty());
}

TEST_F(Chat, ForwardsTheBodyByteForByte) {
    const std::string tag = new_tag();
    Request request = line().chat();
    request.body =
        "\r\n{ \"messages\" :[{\"content\":\"caf\\u00e9 \xC3\xA9\",\"role\":\"user\"}],\n\t\"temperature\":"
        "1.50e0,\"unknown_field\":{\"a\":[null,1e3]},\"model\"  : \"gpt-4o-mini+tag=" +
        tag + "\" } ";
    EXPECT_EQ(line().call(request).status, 200);
    EXPECT_EQ(line().simulator.ended_record(tag).at("body"), request.body);
}

TEST_F(Chat, ReplacesNothingButTheModelsName) {
    const std::string tag = new_tag();
    Request request = line().chat();
    const std::string before = R"({"temperature": 0.10, "model":")";
    const std::string after = R"(", "messages":[{"role":"user","content":"openai/gpt-4o-mini"}] })";
    const std::string model = "gpt-4o-mini+tag=" + tag;
    request.body = before + "openai/" + model + after;
    EXPECT_EQ(line().call(request).status, 200);
    const json record = line().simulator.ended_record(tag);
    EXPECT_EQ(record.at("body"), before + model + after);
    EXPECT_EQ(header_of(record, "content-length"), std::to_string((before + model + after).size()));
}

TEST_F(Chat, ResolvesAnAlias) {
    Request request = line().chat({}, {{"model", "fast"}});
    const Response response = line().call(request);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(json::parse(response.body).at("model"), "gpt-4o-mini");
}

TEST_F(Chat, PassesTheFieldsThatMayCrossAndNoOther) {
    const std::string tag = new_tag();
    Request request = line().chat("tag=" + tag);
    request.fields = {{"user-agent", "tests/1"},
                      {"x-forwarded-for", "10.1.1.1"},
                      {"cookie", "secret=1"},
                      {"openai-beta", "assistants=v2"},
                      {"accept-encoding", "gzip, br"},
                      {"x-request-id", "mine-0123456789"},
                      {"openai-organization", "org-1"},
                      {"connection", "keep-alive, x-private"},
                      {"x-private", "yes"}};
    const Response response = line().call(request);
    EXPECT_EQ(response.field("x-request-id"), "mine-0123456789");
    const json record = line().simulator.ended_record(tag);
    EXPECT_EQ(header_of(record, "user-agent"), "tests/1");
    EXPECT_EQ(header_of(record, "openai-beta"), "assistants=v2");
    EXPECT_EQ(header_of(record, "accept-encoding"), "identity");
    EXPECT_EQ(header_of(record, "content-type"), "application/json");
    EXPECT_EQ(header_of(record, "host"), line().simulator.address().text.substr(7));
    for (const std::string name : {"x-forwarded-for", "cookie", "openai-organization", "x-private"})
        EXPECT_EQ(header_of(record, name), "") << name;
}

TEST_F(Chat, NamesTheLimitsOnEveryAnswer) {
    const Response response = line().call(line().chat());
    EXPECT_EQ(response.field("x-ratelimit-limit"), "10000");
    EXPECT_EQ(response.field("x-ratelimit-limit-requests"), "10000");
    EXPECT_EQ(response.field("x-ratelimit-remaining"), response.field("x-ratelimit-remaining-requests"));
    EXPECT_EQ(response.count("x-ratelimit-reset"), 1U);
    EXPECT_EQ(response.count("x-ratelimit-reset-requests"), 1U);
    EXPECT_EQ(response.count("x-ratelimit-limit-tokens"), 0U);
}

TEST_F(Chat, StreamsPiecesAsTheyComeAndNotInOneGo) {
    const std::string tag = new_tag();
    Client client(line().gateway.address());
    client.send(line().chat("tokens=5+tps=10+tag=" + tag, {{"stream", true}}));
    const Response head = client.read_head();
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.field("content-type"), "text/event-stream; charset=utf-8");
    EXPECT_EQ(head.field("cache-control"), "no-cache");
    EXPECT_EQ(head.field("x-accel-buffering"), "no");
    EXPECT_EQ(head.count("content-length"), 0U);
    std::string body = client.read_chunk();
    EXPECT_TRUE(line().simulator.records(tag).at(0).at("open").get<bool>())
        << "the first piece came when the provider had already sent the last";
    int pieces = 1;
    for (std::string chunk = client.read_chunk(); !chunk.empty(); chunk = client.read_chunk(), ++pieces) {
        EXPECT_TRUE(chunk.ends_with("\n\n")) << "a piece ends inside an event: " << chunk;
        body += chunk;
    }
    EXPECT_GE(pieces, 5);
    const auto events = events_of(body);
    EXPECT_EQ(events.back(), "[DONE]");
    EXPECT_FALSE(text_of_stream(events).empty());
}

TEST_F(Chat, PassesOnWhatCameBeforeTheProviderFellSilent) {
    const std::string tag = new_tag();
    Client client(line().gateway.address());
    client.send(line().chat("tokens=2+fault=hang:1+tag=" + tag, {{"stream", true}}));
    EXPECT_EQ(client.read_head().status, 200);
    EXPECT_FALSE(client.read_chunk().empty());
    EXPECT_TRUE(line().simulator.records(tag).at(0).at("open").get<bool>());
}

TEST_F(Chat, SendsTheLastEventAndTheEndOfTheBodyTogether) {
    Client client(line().gateway.address());
    client.send(line().chat("tokens=2", {{"stream", true}}));
    client.read_head();
    std::string body;
    while (!body.ends_with("data: [DONE]\n\n")) body += client.read_chunk();
    EXPECT_TRUE(client.has_bytes());
    EXPECT_EQ(client.read_chunk(), "");
}

TEST_F(Chat, AsksForTheUsageOfAStreamAndKeepsItFromAClientThatDidNot) {
    const std::string tag = new_tag();
    const Request request = line().chat("tokens=3+tag=" + tag, {{"stream", true}});
    const auto events = events_of(line().call(request).body);
    EXPECT_EQ(events.back(), "[DONE]");
    for (const std::string& event : events) {
        if (event != "[DONE]") EXPECT_FALSE(json::parse(event).at("choices").empty()) << event;
    }
    json sent = json::parse(line().simulator.ended_record(tag).at("body").get<std::string>());
    EXPECT_EQ(sent.at("stream_options"), json({{"include_usage", true}}));
    sent.erase("stream_options");
    EXPECT_EQ(sent, json::parse(request.body));
}

TEST_F(Chat, GivesTheUsageToAClientThatAskedForIt) {
    const json options{{"stream", true}, {"stream_options", {{"include_usage", true}}}};
    const std::string tag = new_tag();
    const Request request = line().chat("tokens=3+tag=" + tag, options);
    const auto events = events_of(line().call(request).body);
    ASSERT_GE(events.size(), 2U);
    const json last = json::parse(events[events.size() - 2]);
    EXPECT_TRUE(last.at("choices").empty());
    EXPECT_EQ(last.at("usage").at("completion_tokens"), 3);
    EXPECT_EQ(line().simulator.ended_record(tag).at("body"), request.body);
}

TEST_F(Chat, PutsEventsTogetherThatCameInSmallPieces) {
    for (const std::string size : {"1", "2", "7", "64"}) {
        const Request request = line().chat("tokens=4+split=" + size, {{"stream", true}});
        const auto events = events_of(line().call(request).body);
        EXPECT_EQ(events.back(), "[DONE]") << size;
        EXPECT_FALSE(text_of_stream(events).empty()) << size;
    }
}

TEST_F(Chat, KeepsTheConnectionAfterAStreamAndAfterAPlainAnswer) {
    Client client(line().gateway.address());
    for (const bool stream : {true, false, true, true, false}) {
        const Response response = client.call(line().chat("tokens=2", {{"stream", stream}}));
        EXPECT_EQ(response.status, 200);
        EXPECT_EQ(response.field("connection"), "");
    }
}

TEST_F(Chat, UsesOneConnectionToTheProviderForCallsInARow) {
    const std::string tag = new_tag();
    for (int call = 0; call < 6; ++call)
        line().call(line().chat("tokens=2+tag=" + tag, {{"stream", call % 2 == 0}}));
    const auto records = line().simulator.records(tag);
    ASSERT_EQ(records.size(), 6U);
    for (const json& record : records) EXPECT_EQ(record.at("connection"), records.front().at("connection"));
}

TEST_F(Chat, CarriesABodyOfMegabytesInBothDirections) {
    const std::string tag = new_tag();
    const std::string text(3'000'000, 'x');
    Request request = line().chat("fault=bigbody:5000000+tag=" + tag);
    json body = json::parse(request.body);
    body["messages"][0]["content"] = text;
    request.body = body.dump();
    const Response response = line().call(request);
    EXPECT_EQ(response.status, 200);
    EXPECT_GT(response.body.size(), 5'000'000U);
    EXPECT_EQ(line().simulator.ended_record(tag).at("body_bytes"), request.body.size());
}

TEST_F(Chat, ForwardsEmbeddings) {
    Request request = line().chat();
    request.path = "/v1/embeddings";
    request.body = R"({"model":"openai/text-embedding-3-small","input":["one","two"],"dimensions":8})";
    const Response response = line().call(request);
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(json::parse(response.body).at("data").size(), 2U);
}

TEST_F(Chat, ForwardsLegacyCompletionsPlainAndStreamed) {
    Request request = line().chat();
    request.path = "/v1/completions";
    request.body = R"({"model":"gpt-3.5-turbo-instruct+tokens=3","prompt":"Once"})";
    EXPECT_EQ(json::parse(line().call(request).body).at("object"), "text_completion");
    request.body = R"({"model":"gpt-3.5-turbo-instruct+tokens=3","prompt":"Once","stream":true})";
    const auto events = events_of(line().call(request).body);
    EXPECT_EQ(events.back(), "[DONE]");
}

TEST_F(Chat, ListsTheModelsOfTheCatalogue) {
    Request request{.method = "GET", .path = "/v1/models", .key = line().key.secret};
    const Response response = line().call(request);
    EXPECT_EQ(response.status, 200);
    const json body = json::parse(response.body);
    EXPECT_EQ(body.at("object"), "list");
    const auto is_fast = [](const json& model) { return model.at("id") == "fast"; };
    EXPECT_TRUE(std::ranges::any_of(body.at("data"), is_fast)) << body;
}

TEST_F(Chat, FindsAModelWhoseNameHasASlash) {
    for (const std::string id : {"openai%2Fgpt-4o", "openai/gpt-4o", "openai%2fgpt-4o", "team%2Fhouse"}) {
        Request request{.method = "GET", .path = "/v1/models/" + id, .key = line().key.secret};
        const Response response = line().call(request);
        EXPECT_EQ(response.status, 200) << id << response.body;
        const std::string plain = id.starts_with("team") ? "team/house" : "openai/gpt-4o";
        EXPECT_EQ(json::parse(response.body).at("id"), plain);
    }
}

TEST_F(Chat, TellsTheHolderOfAKeyItsLimits) {
    const Key key = line().gateway.create_key({"--rate-limit", "77", "--token-limit", "5000"});
    Request request{.method = "GET", .path = "/v1/key", .key = key.secret};
    const Response response = line().call(request);
    EXPECT_EQ(response.status, 200);
    const json data = json::parse(response.body).at("data");
    EXPECT_EQ(data.at("rate_limit").at("requests"), 77);
    EXPECT_EQ(data.at("token_limit"), 5000);
    EXPECT_EQ(data.at("id"), key.id);
    EXPECT_EQ(response.body.find(key.secret), std::string::npos);
}

TEST_F(Chat, RefusesAModelThatTheKeyMayNotUse) {
    const Key key = line().gateway.create_key({"--model", "openai/gpt-4o"});
    Request request = line().chat();
    request.key = key.secret;
    const Response response = line().call(request);
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(error_of(response).at("reason"), "model_not_allowed");
}

} // namespace
} // namespace tollgate::testing
