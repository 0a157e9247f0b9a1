#include "tollgate/base/time_zone.hpp"

#include <gtest/gtest.h>

namespace tollgate::base {

namespace {

using namespace std::chrono;

WallTime at(const char* text) {
    return parse_rfc3339(text).value();
}

TimeZone zone(const char* name) {
    return TimeZone::load(name).value();
}

std::string start(const char* name, local_days day) {
    return to_rfc3339(zone(name).start_of(day));
}

local_days day(int y, unsigned m, unsigned d) {
    return local_days(year(y) / month(m) / std::chrono::day(d));
}

} // namespace

TEST(TimeZone, KnowsWhereDaysBegin) {
    EXPECT_EQ(to_rfc3339(TimeZone().start_of(day(2026, 11, 23))), "2026-11-23T00:00:00Z");
    EXPECT_EQ(start("UTC", day(2026, 11, 23)), "2026-11-23T00:00:00Z");
    EXPECT_EQ(start("Asia/Kolkata", day(2026, 11, 23)), "2026-11-22T18:30:00Z");
    EXPECT_EQ(start("America/New_York", day(2026, 7, 1)), "2026-07-01T04:00:00Z");
    EXPECT_EQ(start("America/New_York", day(2026, 12, 1)), "2026-12-01T05:00:00Z");
    EXPECT_EQ(start("Pacific/Kiritimati", day(2026, 1, 1)), "2025-12-31T10:00:00Z");
}

TEST(TimeZone, KnowsWhichDayItIs) {
    EXPECT_EQ(TimeZone().day_at(at("2026-11-23T23:59:59.999999Z")), day(2026, 11, 23));
    EXPECT_EQ(zone("Asia/Kolkata").day_at(at("2026-11-23T18:29:59.999999Z")), day(2026, 11, 23));
    EXPECT_EQ(zone("Asia/Kolkata").day_at(at("2026-11-23T18:30:00Z")), day(2026, 11, 24));
    EXPECT_EQ(zone("America/New_York").day_at(at("2026-11-24T04:59:59Z")), day(2026, 11, 23));
    EXPECT_EQ(TimeZone().day_at(at("1969-12-31T23:59:59Z")), day(1969, 12, 31));
}

TEST(TimeZone, ADayMayBeginAfterMidnight) {
    // Clocks went from 23:59:59 to 01:00.
    EXPECT_EQ(start("America/Sao_Paulo", day(2018, 11, 4)), "2018-11-04T03:00:00Z");
    EXPECT_EQ(zone("America/Sao_Paulo").day_at(at("2018-11-04T02:59:59Z")), day(2018, 11, 3));
    EXPECT_EQ(zone("America/Sao_Paulo").day_at(at("2018-11-04T03:00:00Z")), day(2018, 11, 4));
}

TEST(TimeZone, DaysNeverGoBackWhereMidnightComesTwice) {
    // Clocks went from 00:01 on the seventh back to 23:01 on the sixth.
    const TimeZone newfoundland = zone("America/St_Johns");
    EXPECT_EQ(newfoundland.start_of(day(2010, 11, 7)), at("2010-11-07T02:30:00Z"));
    EXPECT_EQ(newfoundland.day_at(at("2010-11-07T02:29:59Z")), day(2010, 11, 6));
    EXPECT_EQ(newfoundland.day_at(at("2010-11-07T02:30:30Z")), day(2010, 11, 7));
    EXPECT_EQ(newfoundland.day_at(at("2010-11-07T02:31:00Z")), day(2010, 11, 7)); // 23:01 by the clock
    EXPECT_EQ(newfoundland.day_at(at("2010-11-07T03:30:00Z")), day(2010, 11, 7));
}

TEST(TimeZone, ADayThatTheCalendarLeftOutNeverIs) {
    const TimeZone samoa = zone("Pacific/Apia"); // went from the 29th to the 31st
    EXPECT_EQ(samoa.day_at(at("2011-12-30T09:59:59Z")), day(2011, 12, 29));
    EXPECT_EQ(samoa.day_at(at("2011-12-30T10:00:00Z")), day(2011, 12, 31));
    EXPECT_EQ(samoa.start_of(day(2011, 12, 30)), samoa.start_of(day(2011, 12, 31)));
}

TEST(TimeZone, GoesOnByItsRulesBehindTheLastRecordedChange) {
    EXPECT_EQ(start("Europe/Berlin", day(2199, 7, 1)), "2199-06-30T22:00:00Z");
    EXPECT_EQ(start("Europe/Berlin", day(2199, 12, 1)), "2199-11-30T23:00:00Z");
}

TEST(TimeZone, EveryInstantIsInTheDayThatBeganLast) {
    for (const char* name : {"UTC", "Asia/Kolkata", "America/St_Johns", "America/Sao_Paulo", "Pacific/Apia",
                             "Africa/Cairo", "Australia/Lord_Howe", "Asia/Gaza", "Antarctica/Casey"}) {
        const TimeZone here = zone(name);
        for (WallTime now = at("2009-01-01T00:00:00Z"); now < at("2019-01-01T00:00:00Z");
             now += minutes(47)) {
            const local_days today = here.day_at(now);
            ASSERT_LE(here.start_of(today), now) << name << " " << to_rfc3339(now);
            ASSERT_GT(here.start_of(today + days(1)), now) << name << " " << to_rfc3339(now);
        }
    }
}

TEST(TimeZone, RefusesWhatIsNoZone) {
    for (const char* name : {"", "Asia/Calcuta", "IST ", "/etc/passwd", "../../../etc/passwd", "Asia", "a\nb",
                             "file:Asia/Kolkata"}) {
        const auto loaded = TimeZone::load(name);
        ASSERT_FALSE(loaded.has_value()) << name;
        EXPECT_EQ(loaded.error().code, ErrorCode::invalid_configuration);
    }
}

} // namespace tollgate::base
