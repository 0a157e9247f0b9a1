#include "tollgate/base/time.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tollgate::base {

using namespace std::chrono;

namespace {

WallTime at(sys_days day, microseconds rest = microseconds(0)) {
    return WallTime(day) + rest;
}

} // namespace

TEST(Time, WritesRfc3339InUtc) {
    EXPECT_EQ(to_rfc3339(WallTime{}), "1970-01-01T00:00:00Z");
    EXPECT_EQ(to_rfc3339(at(2026y / 11 / 23, 9h + 5min + 123456us)), "2026-11-23T09:05:00.123456Z");
    EXPECT_EQ(to_rfc3339(at(2026y / 11 / 23, 1us)), "2026-11-23T00:00:00.000001Z");
    EXPECT_EQ(to_rfc3339(at(1969y / 12 / 31, 24h - 1us)), "1969-12-31T23:59:59.999999Z");
}

TEST(Time, ReadsAnyOffsetAndAnyFraction) {
    const WallTime want = at(2026y / 11 / 23, 9h + 5min);
    for (const char* text :
         {"2026-11-23T09:05:00Z", "2026-11-23t09:05:00z", "2026-11-23 09:05:00Z", "2026-11-23T14:35:00+05:30",
          "2026-11-23T01:05:00-08:00", "2026-11-23T09:05:00.0Z", "2026-11-22T09:06:00-23:59"}) {
        EXPECT_EQ(parse_rfc3339(text).value(), want) << text;
    }
    EXPECT_EQ(parse_rfc3339("2026-11-23T09:05:00.5Z").value(), want + 500ms);
    EXPECT_EQ(parse_rfc3339("2026-11-23T09:05:00.1234569Z").value(), want + 123456us);
    EXPECT_EQ(parse_rfc3339("2024-02-29T00:00:00Z").value(), at(2024y / 2 / 29));
}

TEST(Time, RefusesWhatIsNotRfc3339) {
    for (const char* text : {"",
                             "2026",
                             "2026-11-23",
                             "2026-11-23T09:05:00",
                             "2026-11-23T09:05Z",
                             "2026-13-01T00:00:00Z",
                             "2026-02-29T00:00:00Z",
                             "2026-00-10T00:00:00Z",
                             "2026-11-31T00:00:00Z",
                             "2026-11-23T24:00:00Z",
                             "2026-11-23T09:60:00Z",
                             "2026-11-23T09:05:61Z",
                             "2026-11-23T09:05:00.Z",
                             "2026-11-23T09:05:00+0530",
                             "2026-11-23T09:05:00+24:00",
                             "2026-11-23T09:05:00Z ",
                             " 2026-11-23T09:05:00Z",
                             "-026-11-23T09:05:00Z",
                             "2026-1--23T09:05:00Z",
                             "26-11-23T09:05:00Z",
                             "2026/11/23T09:05:00Z",
                             "2026-11-23T09:05:00Zulu"}) {
        const auto result = parse_rfc3339(text);
        ASSERT_FALSE(result.has_value()) << text;
        EXPECT_EQ(result.error().code, ErrorCode::invalid_field);
        EXPECT_EQ(result.error().source, ErrorSource::client);
    }
}

TEST(Time, ReadsBackWhatItWrote) {
    std::mt19937_64 random(20261123);
    std::uniform_int_distribution<std::int64_t> micros(-62'135'596'800'000'000, 253'402'300'799'999'999);
    for (int i = 0; i < 10'000; ++i) {
        const WallTime time{microseconds(micros(random))};
        EXPECT_EQ(parse_rfc3339(to_rfc3339(time)).value(), time) << to_rfc3339(time);
    }
}

} // namespace tollgate::base
