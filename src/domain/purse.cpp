#include "tollgate/domain/purse.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace tollgate::domain {

namespace {

using namespace std::chrono;

/// Without the C library's formats, which cost more than the rest of a name.
void put_digits(std::string& text, int number, std::size_t width) {
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    const auto count = static_cast<std::size_t>(end - digits.data());
    text.append(count < width ? width - count : 0, '0').append(digits.data(), count);
}

std::string month_of(local_days day) {
    return to_string(day).substr(0, 7);
}

/// ISO 8601: the week belongs to the year of its Thursday.
std::string week_of(local_days day) {
    const auto from_monday = weekday(day) - Monday;
    const local_days thursday = day - from_monday + days(3);
    const year_month_day date(thursday);
    const local_days january_first{date.year() / January / 1};
    const auto week = (thursday - january_first).count() / 7 + 1;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%04d-W%02d", static_cast<int>(date.year()),
                  static_cast<int>(week));
    return text.data();
}

std::string period_of(BudgetPeriod period, local_days day) {
    switch (period) {
    case BudgetPeriod::none: return "total";
    case BudgetPeriod::daily: return to_string(day);
    case BudgetPeriod::weekly: return week_of(day);
    case BudgetPeriod::monthly: return month_of(day);
    }
    return "total";
}

bool take_digits(std::string_view text, int& value) {
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    return fault == std::errc{} && end == text.data() + text.size() && text[0] != '-';
}

} // namespace

std::string budget_purse_name(const base::KeyId& key_id, BudgetPeriod period, local_days day) {
    return "budget:" + key_id.text() + ":" + period_of(period, day);
}

std::string wallet_purse_name(const base::AccountId& account_id) {
    return "wallet:" + account_id.text();
}

std::string to_string(local_days day) {
    const year_month_day date(day);
    std::string text;
    put_digits(text, static_cast<int>(date.year()), 4);
    text.push_back('-');
    put_digits(text, static_cast<int>(static_cast<unsigned>(date.month())), 2);
    text.push_back('-');
    put_digits(text, static_cast<int>(static_cast<unsigned>(date.day())), 2);
    return text;
}

base::Result<local_days> parse_day(std::string_view text) {
    int year_number = 0;
    int month_number = 0;
    int day_number = 0;
    const bool read = text.size() == 10 && text[4] == '-' && text[7] == '-' &&
                      take_digits(text.substr(0, 4), year_number) &&
                      take_digits(text.substr(5, 2), month_number) &&
                      take_digits(text.substr(8, 2), day_number);
    const year_month_day date{year(year_number), month(static_cast<unsigned>(month_number)),
                              std::chrono::day(static_cast<unsigned>(day_number))};
    if (!read || !date.ok()) {
        return base::reject(base::ErrorCode::invalid_field,
                            "'" + std::string(text) + "' is not a day: write YYYY-MM-DD");
    }
    return local_days(date);
}

} // namespace tollgate::domain
