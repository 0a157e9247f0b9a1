#include "tollgate/base/time.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace tollgate::base {

namespace {

using namespace std::chrono;

std::unexpected<Error> not_a_time(std::string_view text) {
    return reject(ErrorCode::invalid_field,
                  "'" + std::string(text) +
                      "' is not a time: write RFC 3339, for example 2027-01-31T18:30:00Z");
}

/// Takes `width` digits and then `separator` (0: nothing) off the front of `rest`.
bool take_number(std::string_view& rest, std::size_t width, int& value) {
    if (rest.size() < width) return false;
    const auto [end, fault] = std::from_chars(rest.data(), rest.data() + width, value);
    if (fault != std::errc{} || end != rest.data() + width || rest[0] == '-') return false;
    rest.remove_prefix(width);
    return true;
}

bool take_character(std::string_view& rest, std::string_view allowed) {
    if (rest.empty() || allowed.find(rest[0]) == std::string_view::npos) return false;
    rest.remove_prefix(1);
    return true;
}

/// Takes ".123456789" if it is there; digits after the sixth are dropped.
bool take_fraction(std::string_view& rest, microseconds& fraction) {
    if (!rest.starts_with('.')) return true;
    rest.remove_prefix(1);
    std::int64_t unit = 100'000;
    std::size_t digits = 0;
    while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') {
        fraction += microseconds(unit * (rest[digits] - '0'));
        unit /= 10;
        ++digits;
    }
    rest.remove_prefix(digits);
    return digits > 0;
}

/// Takes "Z" or "+05:30".
bool take_offset(std::string_view& rest, minutes& offset) {
    if (take_character(rest, "Zz")) return true;
    const bool west = rest.starts_with('-');
    int hour = 0;
    int minute = 0;
    if (!take_character(rest, "+-") || !take_number(rest, 2, hour) || !take_character(rest, ":") ||
        !take_number(rest, 2, minute) || hour > 23 || minute > 59) {
        return false;
    }
    offset = hours(hour) + minutes(minute);
    if (west) offset = -offset;
    return true;
}

} // namespace

std::string to_rfc3339(WallTime time) {
    const auto second = floor<seconds>(time);
    const auto day = floor<days>(second);
    const year_month_day date(day);
    const hh_mm_ss clock(second - day);
    const auto fraction = (time - second).count();
    std::array<char, 48> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    std::string text(buffer.data());
    if (fraction != 0) {
        std::snprintf(buffer.data(), buffer.size(), ".%06d", static_cast<int>(fraction));
        text += buffer.data();
    }
    return text + "Z";
}

Result<WallTime> parse_rfc3339(std::string_view text) {
    std::string_view rest = text;
    int year_number = 0;
    int month_number = 0;
    int day_number = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    microseconds fraction{0};
    minutes offset{0};
    const bool read =
        take_number(rest, 4, year_number) && take_character(rest, "-") &&
        take_number(rest, 2, month_number) && take_character(rest, "-") && take_number(rest, 2, day_number) &&
        take_character(rest, "Tt ") && take_number(rest, 2, hour) && take_character(rest, ":") &&
        take_number(rest, 2, minute) && take_character(rest, ":") && take_number(rest, 2, second) &&
        take_fraction(rest, fraction) && take_offset(rest, offset) && rest.empty();
    const year_month_day date{year(year_number), month(static_cast<unsigned>(month_number)),
                              day(static_cast<unsigned>(day_number))};
    if (!read || !date.ok() || hour > 23 || minute > 59 || second > 60) return not_a_time(text);
    return WallTime(sys_days(date)) + hours(hour) + minutes(minute) + seconds(second) + fraction - offset;
}

} // namespace tollgate::base
