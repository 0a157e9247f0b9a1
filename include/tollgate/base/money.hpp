// Money: whole micro-units (0.000001) of the ledger currency in 64 bits. Checked: a sum that does not fit
// ends in an error, never in a wrong figure. No floating point.
#pragma once

#include "tollgate/base/error.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tollgate::base {

class Money {
public:
    static constexpr std::int64_t units_per_one = 1'000'000;

    constexpr Money() = default;
    static constexpr Money of_micros(std::int64_t micros) { return Money(micros); }
    static constexpr Money maximum() { return Money(INT64_MAX); }

    /// Reads "12", "12.5", "-0.000001": at most six decimals, no exponent. Error: invalid_field.
    static Result<Money> parse(std::string_view text);

    constexpr std::int64_t micros() const { return micros_; }
    constexpr bool is_zero() const { return micros_ == 0; }
    constexpr bool is_negative() const { return micros_ < 0; }

    /// Sum and difference; nothing when it does not fit in 64 bits.
    static std::optional<Money> add(Money left, Money right);
    static std::optional<Money> subtract(Money left, Money right);

    /// Sum and difference that stay at the ends of the range: for bounds and displays, never for the books.
    friend Money operator+(Money left, Money right);
    friend Money operator-(Money left, Money right);
    Money& operator+=(Money other) { return *this = *this + other; }
    Money& operator-=(Money other) { return *this = *this - other; }

    friend constexpr auto operator<=>(Money, Money) = default;

private:
    constexpr explicit Money(std::int64_t micros) : micros_(micros) {}
    std::int64_t micros_ = 0;
};

/// "12.5", "0.000001", "-3": the shortest decimal form.
std::string to_string(Money money);

/// The same, written at `at`, where there is room for longest_money bytes; answers its end.
char* write_money(char* at, Money money);
inline constexpr std::size_t longest_money = 21; // a sign, 13 digits, a point and 6 digits

} // namespace tollgate::base
