#include "simulator/control.hpp"

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

namespace tollgate::simulator {

namespace {

using nlohmann::json;

json asked(Service& service, std::string_view target, std::string_view method = "GET") {
    const Reply reply = answer_control(method, target, service);
    EXPECT_EQ(reply.status, 200) << target;
    return json::parse(reply.body);
}

} // namespace

TEST(Control, PathsBeginWithTwoUnderscores) {
    EXPECT_TRUE(is_control_path("/__requests?since=1"));
    EXPECT_FALSE(is_control_path("/v1/__requests"));
    EXPECT_FALSE(is_control_path("/_requests"));
}

TEST(Control, TellsEachRequestWithItsEnding) {
    Service service{Settings{}};
    const auto sequence = service.records.open(Record{
        .method = "POST", .target = "/v1/x", .headers = {{"A", "1"}, {"a", "2"}}, .body = "{}", .tag = "t"});
    service.records.close(sequence,
                          Ending{.status = 200, .chunks = 3, .client_left_ms = 12, .counts = {.prompt = 4}});
    const json record = asked(service, "/__requests").at("requests").at(0);
    EXPECT_EQ(record["sequence"], 1);
    EXPECT_EQ(record["headers"], json::parse(R"([["A","1"],["a","2"]])"));
    EXPECT_EQ(record["body"], "{}");
    EXPECT_EQ(record["chunks"], 3);
    EXPECT_EQ(record["open"], false);
    EXPECT_EQ(record["completed"], false);
    EXPECT_EQ(record["client_left"], true);
    EXPECT_EQ(record["client_left_ms"], 12);
    EXPECT_TRUE(record["usage"].is_null());
    EXPECT_EQ(record["counts"]["prompt_tokens"], 4);
}

TEST(Control, SelectsBySinceTagAndLimit) {
    Service service{Settings{}};
    for (const char* tag : {"a", "b", "a"}) service.records.open(Record{.tag = tag});
    EXPECT_EQ(asked(service, "/__requests?since=1")["requests"].size(), 2U);
    EXPECT_EQ(asked(service, "/__requests?tag=a&since=1")["requests"].size(), 1U);
    EXPECT_EQ(asked(service, "/__requests?limit=1")["requests"].size(), 1U);
    EXPECT_EQ(asked(service, "/__requests?since=x&&=&tag")["requests"].size(), 3U);
    EXPECT_EQ(asked(service, "/__requests/count?tag=a")["received"], 2);
}

TEST(Control, DeleteForgets) {
    Service service{Settings{}};
    service.records.open(Record{});
    service.attempts.count("k");
    EXPECT_EQ(asked(service, "/__requests/count")["open"], 1);
    asked(service, "/__requests", "DELETE");
    EXPECT_EQ(asked(service, "/__requests/count")["received"], 0);
    EXPECT_EQ(service.attempts.count("k"), 0U);
}

TEST(Control, TellsConnectionsAndHealth) {
    Service service{Settings{}};
    service.connections_open = 2;
    service.connections_total = 5;
    EXPECT_EQ(asked(service, "/__connections"), (json{{"open", 2}, {"total", 5}}));
    EXPECT_EQ(asked(service, "/__health")["status"], "ok");
}

TEST(Control, RefusesOtherPathsAndMethods) {
    Service service{Settings{}};
    EXPECT_EQ(answer_control("GET", "/__nothing", service).status, 404);
    EXPECT_EQ(answer_control("DELETE", "/__health", service).status, 405);
    EXPECT_EQ(answer_control("POST", "/__requests", service).status, 405);
}

} // namespace tollgate::simulator
