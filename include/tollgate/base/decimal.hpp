// Decimal: an exact decimal number as its digits and how many of them stand behind the point. For rates and
// factors, which are multiplied as fractions (digits / 10^scale); no floating point.
#pragma once

#include "tollgate/base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tollgate::base {

struct Decimal {
    static constexpr int max_scale = 18; // 10^18 is the largest power of ten in 64 bits

    std::int64_t digits = 0;
    int scale = 0; // 0 to max_scale; the value is digits / 10^scale

    /// Reads "88.00", "-0.05", "1.4e-07": trailing zeros behind the point are dropped, so that equal values
    /// are equal objects. Error: invalid_field, also for what does not fit 64 bits and max_scale.
    static Result<Decimal> parse(std::string_view text);

    /// 10^scale.
    std::int64_t denominator() const;

    bool is_zero() const { return digits == 0; }
    bool is_negative() const { return digits < 0; }
    friend bool operator==(const Decimal&, const Decimal&) = default;
};

/// "88", "-0.05", "0.00000014": the shortest form without an exponent.
std::string to_string(Decimal decimal);

} // namespace tollgate::base
