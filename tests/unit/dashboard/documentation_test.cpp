#include "dashboard/documentation.hpp"

#include "dashboard/embedded.hpp"

#include <gtest/gtest.h>

namespace tollgate::dashboard {

TEST(Documentation, ShowsEveryCallWithoutAScript) {
    const Documentation page = make_documentation(find_embedded("/api/openapi.json")->plain);
    for (const char* text :
         {"POST /api/api-keys", "GET /api/usage/series", "id=\"ApiKeyWithSecret\"", "token_limit"}) {
        EXPECT_NE(page.html.find(text), std::string::npos) << text;
    }
    EXPECT_EQ(page.html.find("<script"), std::string::npos);
    EXPECT_EQ(page.policy.find("unsafe"), std::string::npos);
}

TEST(Documentation, ShowsTextAsText) {
    const Documentation page = make_documentation(
        R"({"info":{"title":"<b>","description":"a & \"b\""},"paths":{},"components":{"schemas":{}}})");
    EXPECT_NE(page.html.find("&lt;b&gt;"), std::string::npos);
    EXPECT_NE(page.html.find("a &amp; &quot;b&quot;"), std::string::npos);
    EXPECT_EQ(page.html.find("<b>"), std::string::npos);
}

} // namespace tollgate::dashboard
