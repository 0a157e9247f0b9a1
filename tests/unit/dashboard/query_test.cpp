#include "dashboard/query.hpp"

#include "tollgate/domain/purse.hpp"

#include <gtest/gtest.h>

namespace tollgate::dashboard {

TEST(Query, DecodesAndTakesEachParameterOnce) {
    auto query = Query::parse("search=a%2Fb+c&limit=5&from=2026-11-23&state=&group=day");
    ASSERT_TRUE(query.has_value());
    constexpr std::string_view choices[] = {"none", "day"};
    EXPECT_EQ(query->text("search"), "a/b c");
    EXPECT_EQ(query->number("limit", 1, 10), 5U);
    EXPECT_EQ(query->day("from"), domain::parse_day("2026-11-23").value());
    EXPECT_FALSE(query->text("state").has_value());
    EXPECT_EQ(query->choice("group", choices), 1U);
    EXPECT_EQ(query->choice("absent", choices), 0U);
    EXPECT_TRUE(query->finish().has_value());
}

TEST(Query, NamesWhatIsWrong) {
    for (const char* text :
         {"limit=0", "limit=11", "limit=x", "limit=5x", "day=2026-13-01", "group=week", "odd=1"}) {
        auto query = Query::parse(text).value();
        constexpr std::string_view choices[] = {"none", "day"};
        query.number("limit", 1, 10);
        query.day("day");
        query.choice("group", choices);
        const auto done = query.finish();
        ASSERT_FALSE(done.has_value()) << text;
        EXPECT_EQ(done.error().code, base::ErrorCode::invalid_field);
        EXPECT_EQ(done.error().param, std::string(text).substr(0, std::string(text).find('=')));
    }
}

TEST(Query, RefusesWhatTwoReadersCouldReadDifferently) {
    for (const char* text : {"a=1&a=2", "a=%", "a=%2", "a=%zz", "a=%00", "a=%ff", "%0a=1", "a=%c0%af"}) {
        EXPECT_FALSE(Query::parse(text).has_value()) << text;
    }
    EXPECT_TRUE(Query::parse("").has_value());
    EXPECT_TRUE(Query::parse("&&").has_value());
}

} // namespace tollgate::dashboard
