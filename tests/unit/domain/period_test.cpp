#include "tollgate/domain/period.hpp"

#include "tollgate/domain/purse.hpp"

#include <gtest/gtest.h>

namespace tollgate::domain {

namespace {

using namespace std::chrono;
using base::TimeZone;
using base::WallTime;

const TimeZone india = TimeZone::load("Asia/Kolkata").value();
const TimeZone new_york = TimeZone::load("America/New_York").value();

WallTime at(const char* text) {
    return base::parse_rfc3339(text).value();
}

std::string first_day(BudgetPeriod period, const char* date) {
    return to_string(first_day_of(period, parse_day(date).value()));
}

/// "begin/end"
std::string show(BudgetPeriod period, const TimeZone& zone, const char* now) {
    const auto running = period_at(period, zone, at(now));
    return running ? base::to_rfc3339(running->begin) + "/" + base::to_rfc3339(running->end) : "";
}

} // namespace

TEST(Period, BeginsWithTheDayTheMondayOrTheFirst) {
    EXPECT_EQ(first_day(BudgetPeriod::daily, "2026-11-23"), "2026-11-23");
    EXPECT_EQ(first_day(BudgetPeriod::weekly, "2026-11-23"), "2026-11-23"); // a Monday
    EXPECT_EQ(first_day(BudgetPeriod::weekly, "2026-11-29"), "2026-11-23"); // its Sunday
    EXPECT_EQ(first_day(BudgetPeriod::weekly, "2027-01-01"), "2026-12-28");
    EXPECT_EQ(first_day(BudgetPeriod::monthly, "2026-11-30"), "2026-11-01");
    EXPECT_EQ(first_day(BudgetPeriod::monthly, "2028-02-29"), "2028-02-01");
    EXPECT_EQ(first_day(BudgetPeriod::none, "2026-11-23"), "1970-01-01");
}

TEST(Period, RunsByTheCalendarOfTheZone) {
    EXPECT_EQ(show(BudgetPeriod::daily, india, "2026-11-23T18:29:59Z"),
              "2026-11-22T18:30:00Z/2026-11-23T18:30:00Z");
    EXPECT_EQ(show(BudgetPeriod::daily, india, "2026-11-23T18:30:00Z"),
              "2026-11-23T18:30:00Z/2026-11-24T18:30:00Z");
    EXPECT_EQ(show(BudgetPeriod::weekly, india, "2026-11-23T12:00:00Z"),
              "2026-11-22T18:30:00Z/2026-11-29T18:30:00Z");
    EXPECT_EQ(show(BudgetPeriod::monthly, india, "2026-12-31T18:29:59Z"),
              "2026-11-30T18:30:00Z/2026-12-31T18:30:00Z");
    EXPECT_EQ(show(BudgetPeriod::monthly, TimeZone(), "2028-02-29T23:59:59Z"),
              "2028-02-01T00:00:00Z/2028-03-01T00:00:00Z");
    EXPECT_EQ(show(BudgetPeriod::none, india, "2026-11-23T12:00:00Z"), "");
}

TEST(Period, ADayIsAsLongAsTheClocksMakeIt) {
    EXPECT_EQ(show(BudgetPeriod::daily, new_york, "2026-03-08T12:00:00Z"),
              "2026-03-08T05:00:00Z/2026-03-09T04:00:00Z"); // 23 hours
    EXPECT_EQ(show(BudgetPeriod::daily, new_york, "2026-11-01T12:00:00Z"),
              "2026-11-01T04:00:00Z/2026-11-02T05:00:00Z"); // 25 hours
}

TEST(Period, SaysHowLongItLastsRoundedUp) {
    EXPECT_EQ(time_to_end(BudgetPeriod::daily, india, at("2026-11-23T18:29:59.999999Z")), seconds(1));
    EXPECT_EQ(time_to_end(BudgetPeriod::daily, india, at("2026-11-23T18:30:00Z")), hours(24));
    EXPECT_EQ(time_to_end(BudgetPeriod::weekly, india, at("2026-11-29T18:29:00Z")), seconds(60));
    EXPECT_EQ(time_to_end(BudgetPeriod::none, india, at("2026-11-29T18:29:00Z")), seconds(0));
}

TEST(Period, FollowsTheOneBeforeWithoutGapOrOverlap) {
    for (const auto kind : {BudgetPeriod::daily, BudgetPeriod::weekly, BudgetPeriod::monthly}) {
        for (const TimeZone& zone : {TimeZone(), india, new_york}) {
            Period before = period_at(kind, zone, at("2026-01-15T12:00:00Z")).value();
            for (int i = 0; i < 800; ++i) {
                const Period next = period_at(kind, zone, before.end).value();
                ASSERT_EQ(next.begin, before.end);
                ASSERT_GT(next.end, next.begin);
                ASSERT_EQ(period_at(kind, zone, next.end - microseconds(1)), next);
                before = next;
            }
        }
    }
}

TEST(Period, ChangesExactlyWhenTheNameOfThePurseDoes) {
    const base::KeyId key("key_1");
    for (const auto kind : {BudgetPeriod::daily, BudgetPeriod::weekly, BudgetPeriod::monthly}) {
        Period running = period_at(kind, india, at("2026-12-01T00:00:00Z")).value();
        for (int i = 0; i < 60; ++i) {
            const auto name_at = [&](WallTime now) {
                return budget_purse_name(key, kind, india.day_at(now));
            };
            ASSERT_EQ(name_at(running.begin), name_at(running.end - microseconds(1)));
            ASSERT_NE(name_at(running.begin), name_at(running.end));
            running = period_at(kind, india, running.end).value();
        }
    }
}

TEST(Period, ADateMeansTheEndOfThatDayInTheZone) {
    EXPECT_EQ(end_of_day("2026-11-23", india).value(), at("2026-11-23T18:30:00Z"));
    EXPECT_EQ(end_of_day("2026-12-31", TimeZone()).value(), at("2027-01-01T00:00:00Z"));
    EXPECT_EQ(end_of_day("2028-02-29", new_york).value(), at("2028-03-01T05:00:00Z"));
    EXPECT_EQ(end_of_day("2026-11-31", india).error().code, base::ErrorCode::invalid_field);
}

TEST(Period, AnExpiryIsAnInstantOrADate) {
    EXPECT_EQ(parse_expiry("2026-11-23", india).value(), at("2026-11-23T18:30:00Z"));
    EXPECT_EQ(parse_expiry("2026-11-23T10:00:00+05:30", india).value(), at("2026-11-23T04:30:00Z"));
    for (const char* text :
         {"", "tomorrow", "2026-13-01", "2026-11-23T", "23-11-2026", "2026/11/23", "2026-1-23"}) {
        EXPECT_EQ(parse_expiry(text, india).error().code, base::ErrorCode::invalid_field) << text;
    }
}

} // namespace tollgate::domain
