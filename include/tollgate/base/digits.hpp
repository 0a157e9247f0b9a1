// Numbers as decimal text, written where the caller has room. Pure.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>

namespace tollgate::base {

inline constexpr std::size_t longest_number = 20; // of 64 bits, with a sign

/// Writes `number` at `at`, where there is room for longest_number bytes; answers its end. Most are small.
inline char* write_number(char* at, std::uint64_t number) {
    if (number < 10) {
        *at = static_cast<char>('0' + number);
        return at + 1;
    }
    return std::to_chars(at, at + longest_number, number).ptr;
}

} // namespace tollgate::base
