#include "simulator/stamp.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tollgate::simulator {

TEST(Stamp, FitsWhereThePlaceholdersWere) {
    const Stamp stamp = Stamp::make(UINT64_MAX, UINT64_MAX, 1'795'426'954);
    EXPECT_EQ(stamp.id.size(), id_placeholder.size());
    EXPECT_EQ(stamp.created, "1795426954");
    EXPECT_EQ(stamp.date, "Mon, 23 Nov 2026 09:42:34 GMT");
    EXPECT_EQ(stamp.date.size(), date_placeholder.size());
}

TEST(Stamp, TheDateFollowsTheClock) {
    EXPECT_EQ(Stamp::make(1, 1, 1'000'000'000).date, "Sun, 09 Sep 2001 01:46:40 GMT");
    EXPECT_EQ(Stamp::make(1, 1, 1'000'000'001).date, "Sun, 09 Sep 2001 01:46:41 GMT");
}

TEST(Stamp, NoTwoNumbersGiveTheSameIdentifier) {
    std::set<std::string> seen;
    for (std::uint64_t number = 0; number < 10'000; ++number)
        EXPECT_TRUE(seen.insert(Stamp::make(7, number, 0).id).second);
    EXPECT_NE(Stamp::make(1, 5, 0).id, Stamp::make(2, 5, 0).id);
}

TEST(Stamped, ReplacesEveryPlaceholderAndNothingElse) {
    const Stamp stamp = Stamp::make(1, 2, 1'795'426'954);
    const Stamped text("a " + std::string(id_placeholder) + " b " + std::string(id_placeholder) +
                       " {\"created\":1000000001} 1000000001 " + std::string(date_placeholder));
    std::string out = "before ";
    text.append_to(out, stamp);
    EXPECT_EQ(out, "before a " + stamp.id + " b " + stamp.id + " {\"created\":1795426954} 1000000001 " +
                       stamp.date);
    EXPECT_EQ(out.size(), 7 + text.size());
}

TEST(Stamped, TextWithoutPlaceholdersStaysAsItIs) {
    for (const char* plain : {"", "x", "data: [DONE]\n\n"}) {
        std::string out;
        Stamped(plain).append_to(out, Stamp::make(1, 2, 1'795'426'954));
        EXPECT_EQ(out, plain);
    }
}

} // namespace tollgate::simulator
