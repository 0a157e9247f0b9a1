#include "dashboard/page.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace tollgate::dashboard {

namespace {

http::RequestHead get(std::string_view path, std::initializer_list<http::Field> fields = {}) {
    http::RequestHead head;
    head.method = "GET";
    head.path = path;
    for (const http::Field& field : fields) head.fields.add(field);
    return head;
}

std::string field(const PageAnswer& answer, std::string_view name) {
    const auto found = std::ranges::find(answer.fields, name, &std::pair<std::string, std::string>::first);
    return found == answer.fields.end() ? "" : found->second;
}

} // namespace

TEST(Page, IsServedAtTheRootWithAPolicyWithoutExceptions) {
    const auto page = answer_page(get("/"));
    ASSERT_TRUE(page.has_value());
    EXPECT_EQ(page->status, 200);
    EXPECT_TRUE(page->type.starts_with("text/html"));
    EXPECT_EQ(field(*page, "cache-control"), "no-cache");
    EXPECT_EQ(field(*page, "x-content-type-options"), "nosniff");
    EXPECT_EQ(field(*page, "content-security-policy").find("unsafe"), std::string::npos);
    EXPECT_NE(field(*page, "content-security-policy").find("frame-ancestors 'none'"), std::string::npos);
}

TEST(Page, IsNotSentAgainToWhoHasIt) {
    const std::string etag = field(answer_page(get("/")).value(), "etag");
    const auto again = answer_page(get("/", {{"If-None-Match", etag}}));
    EXPECT_EQ(again->status, 304);
    EXPECT_TRUE(again->body.empty());
    EXPECT_EQ(answer_page(get("/", {{"If-None-Match", "\"other\""}}))->status, 200);
}

TEST(Page, PlacesWithinItAreForBrowsersAlone) {
    EXPECT_TRUE(answer_page(get("/keys/key_1", {{"Accept", "text/html,*/*"}})).has_value());
    for (const char* path : {"/chat/completions", "/keys", "/models"}) {
        EXPECT_EQ(answer_page(get(path, {{"Accept", "*/*"}})).error().code, base::ErrorCode::unknown_path)
            << path;
    }
    for (const char* path : {"/assets/gone.js", "/v1/x", "/health/x"}) {
        EXPECT_FALSE(answer_page(get(path, {{"Accept", "text/html"}})).has_value()) << path;
    }
}

TEST(Page, TakesGetAlone) {
    http::RequestHead head = get("/");
    head.method = "POST";
    EXPECT_EQ(answer_page(head).error().code, base::ErrorCode::method_not_allowed);
}

TEST(Page, EveryFileSaysWhatItIs) {
    for (const EmbeddedFile& file : embedded_files()) {
        EXPECT_TRUE(file.path.starts_with("/")) << file.path;
        EXPECT_FALSE(file.plain.empty()) << file.path;
        EXPECT_EQ(find_embedded(file.path), &file);
        EXPECT_TRUE(file.etag.starts_with('"') && file.etag.ends_with('"'));
    }
    EXPECT_NE(find_embedded("/api/openapi.json"), nullptr);
}

TEST(Page, ChoosesACodingThatTheBrowserTakes) {
    EXPECT_TRUE(accepts_coding("gzip, deflate, br", "br"));
    EXPECT_TRUE(accepts_coding("br;q=0.5", "br"));
    EXPECT_TRUE(accepts_coding("GZIP", "gzip"));
    EXPECT_FALSE(accepts_coding("br;q=0", "br"));
    EXPECT_FALSE(accepts_coding("br; q=0.000", "br"));
    EXPECT_FALSE(accepts_coding("", "br"));
    EXPECT_FALSE(accepts_coding("brotli", "br"));
}

} // namespace tollgate::dashboard
