#include "dashboard/route.hpp"

#include "dashboard/embedded.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace tollgate::dashboard {

namespace {

Json description() {
    return Json::parse(find_embedded("/api/openapi.json")->plain);
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    return text;
}

} // namespace

TEST(Route, TheTableAndTheDescriptionNameTheSameCalls) {
    std::set<std::string> in_table;
    for (const Route& route : routes())
        in_table.insert(lower(std::string(route.method)) + " " + std::string(route.path));
    EXPECT_EQ(in_table.size(), routes().size()) << "a call stands twice";
    std::set<std::string> described;
    const Json document = description();
    for (const auto& [path, operations] : document.at("paths").items()) {
        for (const auto& [method, operation] : operations.items()) described.insert(method + " " + path);
    }
    EXPECT_EQ(in_table, described);
}

TEST(Route, TheDescriptionSaysWhoMay) {
    const Json document = description();
    for (const Route& route : routes()) {
        const Json& operation =
            document.at("paths").at(std::string(route.path)).at(lower(std::string(route.method)));
        EXPECT_EQ(operation.at("x-who"), to_string(route.who)) << route.path;
        EXPECT_EQ(operation.contains("security"), route.who != Who::anyone) << route.path;
        const bool takes_key = operation.contains("security") && operation.at("security").size() == 2;
        EXPECT_EQ(takes_key, route.credential == Credential::session_or_key) << route.path;
    }
}

TEST(Route, EveryCallHasItsPlaceAmongTheLabelsOfMetricsAndSoHasThePage) {
    const auto labels = route_labels();
    for (const Route& route : routes()) {
        EXPECT_EQ(labels.at(metric_index(route)).method, route.method);
        EXPECT_EQ(labels.at(metric_index(route)).route, route.path);
    }
    EXPECT_EQ(labels.at(page_metric_index()).route, "page");
    EXPECT_EQ(labels.size(), routes().size() + 1);
}

TEST(Route, FindsACallAndWhatStandsForItsId) {
    const RouteMatch match = find_route("POST", "/api/api-keys/key_1%2F2/rotate");
    ASSERT_NE(match.route, nullptr);
    EXPECT_EQ(match.route->path, "/api/api-keys/{id}/rotate");
    EXPECT_EQ(match.id, "key_1/2");
    EXPECT_EQ(find_route("HEAD", "/api/settings").route->method, "GET");
}

TEST(Route, TellsAnUnknownPathFromAMethodThatAPathDoesNotTake) {
    for (const char* path : {"/api", "/api/", "/api/api-keys/", "/api/api-keys/a/b", "/api/api-keys//rotate",
                             "/API/settings", "/api/settings/", "/api/api-keys/%zz"}) {
        const RouteMatch match = find_route("GET", path);
        EXPECT_EQ(match.route, nullptr) << path;
        EXPECT_TRUE(match.allow.empty()) << path;
    }
    const RouteMatch match = find_route("PUT", "/api/api-keys");
    EXPECT_EQ(match.route, nullptr);
    EXPECT_EQ(match.allow, "GET, HEAD, POST");
}

} // namespace tollgate::dashboard
