#include "config/values.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace tollgate::config {

namespace {

/// How many letters must be inserted, dropped or changed to make one text of the other (Levenshtein).
std::size_t edit_distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < right.size(); ++j) {
            const std::size_t changed = diagonal + (left[i] == right[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

} // namespace

std::string_view nearest_name(std::string_view text, const std::vector<std::string_view>& names) {
    constexpr std::size_t longest = 64; // beyond it nothing was mistyped, and the cost stays small
    if (text.size() > longest) return {};
    std::string_view nearest;
    std::size_t least = text.size() / 3 + 1;
    for (const std::string_view name : names) {
        const auto distance = edit_distance(text, name);
        if (distance > least || (distance == least && !nearest.empty())) continue;
        least = distance;
        nearest = name;
    }
    return nearest;
}

} // namespace tollgate::config
