#include "tollgate/base/money.hpp"

#include "tollgate/base/digits.hpp"

#include <array>
#include <limits>

namespace tollgate::base {

namespace {

constexpr int decimals = 6;

std::unexpected<Error> not_money(std::string_view text) {
    return reject(ErrorCode::invalid_field, "'" + std::string(text) +
                                                "' is not an amount of money: write a decimal such as 12.50 "
                                                "with at most six decimals");
}

/// Appends one decimal digit to `value`, towards minus infinity (so that INT64_MIN can be read). False: it
/// does not fit.
bool push_digit(std::int64_t& value, int digit) {
    return !__builtin_mul_overflow(value, std::int64_t{10}, &value) &&
           !__builtin_sub_overflow(value, std::int64_t{digit}, &value);
}

/// The point and the digits behind it, without zeros at their end.
char* write_fraction(char* at, std::uint32_t micros) {
    *at++ = '.';
    // As a fraction of 2^32, a little too large: ten times as much has the next digit in front. The error is
    // below a millionth of the last one.
    std::uint64_t left = (std::uint64_t{micros} << 32U) / Money::units_per_one + 1;
    for (int digit = 0; digit < decimals; ++digit) {
        left = (left & 0xffff'ffffU) * 10;
        at[digit] = static_cast<char>('0' + (left >> 32U));
    }
    at += decimals;
    while (at[-1] == '0') --at;
    return at;
}

} // namespace

Result<Money> Money::parse(std::string_view text) {
    std::string_view rest = text;
    const bool negative = rest.starts_with('-');
    if (negative) rest.remove_prefix(1);
    const auto point = rest.find('.');
    const std::string_view whole = rest.substr(0, point);
    const std::string_view fraction =
        point == std::string_view::npos ? std::string_view{} : rest.substr(point + 1);
    const bool ends_in_point = point != std::string_view::npos && fraction.empty();
    if (whole.empty() || ends_in_point || fraction.size() > decimals) return not_money(text);

    std::string digits(whole);
    digits.append(fraction).append(decimals - fraction.size(), '0');
    std::int64_t value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9' || !push_digit(value, c - '0')) return not_money(text);
    }
    if (negative) return Money(value);
    if (value == std::numeric_limits<std::int64_t>::min()) return not_money(text);
    return Money(-value);
}

std::optional<Money> Money::add(Money left, Money right) {
    Money sum;
    if (__builtin_add_overflow(left.micros_, right.micros_, &sum.micros_)) return std::nullopt;
    return sum;
}

std::optional<Money> Money::subtract(Money left, Money right) {
    Money difference;
    if (__builtin_sub_overflow(left.micros_, right.micros_, &difference.micros_)) return std::nullopt;
    return difference;
}

Money operator+(Money left, Money right) {
    constexpr auto limits = std::numeric_limits<std::int64_t>();
    return Money::add(left, right).value_or(Money(right.is_negative() ? limits.min() : limits.max()));
}

Money operator-(Money left, Money right) {
    constexpr auto limits = std::numeric_limits<std::int64_t>();
    return Money::subtract(left, right).value_or(Money(right.is_negative() ? limits.max() : limits.min()));
}

std::string to_string(Money money) {
    std::array<char, longest_money> text{};
    return {text.data(), write_money(text.data(), money)};
}

char* write_money(char* at, Money money) {
    // Unsigned, because -INT64_MIN does not fit.
    const auto magnitude = money.is_negative() ? 0ULL - static_cast<std::uint64_t>(money.micros())
                                               : static_cast<std::uint64_t>(money.micros());
    *at = '-';
    at += money.is_negative() ? 1 : 0;
    at = write_number(at, magnitude / Money::units_per_one);
    const auto fraction = static_cast<std::uint32_t>(magnitude % Money::units_per_one);
    return fraction == 0 ? at : write_fraction(at, fraction);
}

} // namespace tollgate::base
