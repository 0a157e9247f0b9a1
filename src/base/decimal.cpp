#include "tollgate/base/decimal.hpp"

#include <charconv>

namespace tollgate::base {

namespace {

// An exponent beyond this cannot come from a price or a rate; it also keeps the loops below short.
constexpr int max_exponent = 40;

std::unexpected<Error> not_decimal(std::string_view text) {
    return reject(ErrorCode::invalid_field,
                  "'" + std::string(text) + "' is not a decimal number such as 0.05");
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The number behind e or E; false: malformed or out of range.
bool read_exponent(std::string_view text, int& exponent) {
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, exponent);
    return error == std::errc{} && stop == end && exponent >= -max_exponent && exponent <= max_exponent;
}

/// Digits with at most one point inside; the value without its sign, `scale` counted behind the point.
bool read_mantissa(std::string_view text, Decimal& value) {
    bool behind_point = false;
    if (text.empty() || !is_digit(text.front()) || !is_digit(text.back())) return false;
    for (const char c : text) {
        if (c == '.') {
            if (behind_point) return false;
            behind_point = true;
            continue;
        }
        if (!is_digit(c) || __builtin_mul_overflow(value.digits, std::int64_t{10}, &value.digits) ||
            __builtin_add_overflow(value.digits, std::int64_t{c - '0'}, &value.digits)) {
            return false;
        }
        if (behind_point) ++value.scale;
    }
    return true;
}

/// Brings the scale into 0…max_scale and drops trailing zeros; false: it does not fit.
bool normalise(Decimal& value) {
    if (value.digits == 0) {
        value.scale = 0;
        return true;
    }
    while (value.scale > 0 && value.digits % 10 == 0) {
        value.digits /= 10;
        --value.scale;
    }
    for (; value.scale < 0; ++value.scale) {
        if (__builtin_mul_overflow(value.digits, std::int64_t{10}, &value.digits)) return false;
    }
    return value.scale <= Decimal::max_scale;
}

} // namespace

Result<Decimal> Decimal::parse(std::string_view text) {
    std::string_view rest = text;
    const bool negative = rest.starts_with('-');
    if (negative) rest.remove_prefix(1);
    const auto letter = rest.find_first_of("eE");
    int exponent = 0;
    if (letter != std::string_view::npos && !read_exponent(rest.substr(letter + 1), exponent)) {
        return not_decimal(text);
    }
    Decimal value;
    if (!read_mantissa(rest.substr(0, letter), value)) return not_decimal(text);
    value.scale -= exponent;
    if (!normalise(value)) return not_decimal(text);
    if (negative) value.digits = -value.digits;
    return value;
}

std::int64_t Decimal::denominator() const {
    std::int64_t power = 1;
    for (int i = 0; i < scale; ++i) power *= 10;
    return power;
}

std::string to_string(Decimal decimal) {
    const auto magnitude = decimal.is_negative() ? 0ULL - static_cast<std::uint64_t>(decimal.digits)
                                                 : static_cast<std::uint64_t>(decimal.digits);
    std::string text = std::to_string(magnitude);
    const auto scale = static_cast<std::size_t>(decimal.scale);
    if (text.size() <= scale) text.insert(0, scale + 1 - text.size(), '0');
    if (scale > 0) text.insert(text.size() - scale, ".");
    return decimal.is_negative() ? "-" + text : text;
}

} // namespace tollgate::base
