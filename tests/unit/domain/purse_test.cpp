#include "tollgate/domain/purse.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tollgate::domain {

using namespace std::chrono_literals;

namespace {

const base::KeyId key("key_12ab");

std::chrono::local_days day_of(std::string_view text) {
    return parse_day(text).value();
}

} // namespace

TEST(Purse, IsNamedByKeyAndPeriod) {
    const auto day = day_of("2026-11-23");
    EXPECT_EQ(budget_purse_name(key, BudgetPeriod::none, day), "budget:key_12ab:total");
    EXPECT_EQ(budget_purse_name(key, BudgetPeriod::daily, day), "budget:key_12ab:2026-11-23");
    EXPECT_EQ(budget_purse_name(key, BudgetPeriod::weekly, day), "budget:key_12ab:2026-W48");
    EXPECT_EQ(budget_purse_name(key, BudgetPeriod::monthly, day), "budget:key_12ab:2026-11");
    EXPECT_EQ(wallet_purse_name(base::AccountId("acc_34cd")), "wallet:acc_34cd");
}

TEST(Purse, CountsWeeksByTheirThursdayAsIso8601Does) {
    const std::pair<const char*, const char*> rows[] = {
        {"2026-01-01", "2026-W01"}, {"2025-12-29", "2026-W01"}, {"2025-12-28", "2025-W52"},
        {"2027-01-01", "2026-W53"}, {"2027-01-03", "2026-W53"}, {"2027-01-04", "2027-W01"},
        {"2024-12-30", "2025-W01"}, {"2023-01-01", "2022-W52"}, {"2020-12-31", "2020-W53"},
    };
    for (const auto& [day, week] : rows) {
        EXPECT_EQ(budget_purse_name(key, BudgetPeriod::weekly, day_of(day)),
                  "budget:key_12ab:" + std::string(week))
            << day;
    }
}

TEST(Purse, KeepsItsNameForSevenDaysFromMondayToSunday) {
    std::set<std::string> names;
    for (auto day = day_of("2026-01-05"); day < day_of("2027-01-04"); day += std::chrono::days(7)) {
        const auto name = budget_purse_name(key, BudgetPeriod::weekly, day);
        for (int later = 1; later < 7; ++later) {
            EXPECT_EQ(budget_purse_name(key, BudgetPeriod::weekly, day + std::chrono::days(later)), name);
        }
        EXPECT_TRUE(names.insert(name).second) << name;
    }
    EXPECT_EQ(names.size(), 52U);
}

TEST(Day, ReadsWhatItWrites) {
    for (const char* text : {"1970-01-01", "2024-02-29", "2026-11-23", "9999-12-31"}) {
        EXPECT_EQ(to_string(day_of(text)), text);
    }
}

TEST(Day, RefusesWhatIsNotADate) {
    for (const char* text : {"", "2026", "2026-13-01", "2026-02-29", "2026-00-10", "2026-1-1", "2026/01/01",
                             "2026-01-01 ", " 2026-01-1", "2026-01--1", "-026-01-01"}) {
        EXPECT_FALSE(parse_day(text).has_value()) << text;
    }
}

} // namespace tollgate::domain
