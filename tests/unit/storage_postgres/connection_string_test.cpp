#include "storage/postgres/connection_string.hpp"

#include <gtest/gtest.h>

namespace tollgate::storage::postgres {

namespace {

std::string string_of(const std::string& url) {
    const auto made = connection_string(base::Secret(url), std::chrono::milliseconds(2500));
    return made ? std::string(made->expose()) : "error: " + made.error().message;
}

bool has(const std::string& text, std::string_view part) {
    return text.contains(part);
}

} // namespace

TEST(PostgresConnectionString, KeepsWhatTheUrlSaysAndAddsOurDefaults) {
    const std::string text = string_of("postgresql://me:p%27w%5C@db.example:6000/books?sslmode=require");
    for (const std::string_view part :
         {"host='db.example'", "port='6000'", "user='me'", R"(password='p\'w\\')", "dbname='books'",
          "sslmode='require'", "connect_timeout='3'", "application_name='tollgate'",
          "client_encoding='UTF8'"}) {
        EXPECT_TRUE(has(text, part)) << part << " in " << text;
    }
    EXPECT_FALSE(has(text, "target_session_attrs"));
    EXPECT_FALSE(has(text, "options")) << "a pooler would refuse it";
}

TEST(PostgresConnectionString, LeavesAloneWhatTheUrlSets) {
    const std::string text = string_of("postgresql://h/d?connect_timeout=9&application_name=mine");
    EXPECT_TRUE(has(text, "connect_timeout='9'"));
    EXPECT_TRUE(has(text, "application_name='mine'"));
}

TEST(PostgresConnectionString, LooksForThePrimaryAmongSeveralHosts) {
    EXPECT_TRUE(has(string_of("postgresql://a:1,b:2/d"), "target_session_attrs='read-write'"));
    EXPECT_TRUE(has(string_of("postgresql://a,b/d?target_session_attrs=any"), "target_session_attrs='any'"));
}

TEST(PostgresConnectionString, RefusesWhatIsNoUrlWithoutQuotingIt) {
    for (const char* url : {"postgresql://u:hunter2@h:port/d", "postgresql://u:hunter2@[::1/d",
                            "postgresql://u:hunter2@h/d?no_such_option=1", "postgresql://u:hunter2%zz@h/d"}) {
        const auto made = connection_string(base::Secret(url), std::chrono::seconds(1));
        if (made) continue; // libpq finds out later
        EXPECT_EQ(made.error().code, base::ErrorCode::invalid_configuration);
        EXPECT_FALSE(has(made.error().message, "hunter2")) << made.error().message;
    }
    EXPECT_TRUE(has(string_of("postgresql://u:hunter2@h/d?no_such_option=1"), "error: "));
}

} // namespace tollgate::storage::postgres
