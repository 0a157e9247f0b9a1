#include "tollgate/domain/token_estimate.hpp"

#include <array>

namespace tollgate::domain {

namespace {

using Weights = std::array<std::uint8_t, 256>;

constexpr std::size_t position(char letter) {
    return static_cast<unsigned char>(letter);
}

constexpr void fill(Weights& weights, std::size_t first, std::size_t last, std::uint8_t weight) {
    for (std::size_t i = first; i <= last; ++i) weights[i] = weight;
}

/// Hundredths of a token for each byte. A character counts by its first byte, which tells its script; the
/// bytes that continue it count nothing.
constexpr Weights weights = [] {
    Weights table{};
    fill(table, 0x00, 0x1F, 50); // line ends, tabs
    fill(table, 0x20, 0x7F, 57); // punctuation, unless set below
    table[position(' ')] = 6;    // mostly part of the word behind it
    fill(table, position('0'), position('9'), 60);
    fill(table, position('A'), position('Z'), 36);
    fill(table, position('a'), position('z'), 22);
    fill(table, 0xC0, 0xCB, 138); // Latin with marks
    fill(table, 0xCC, 0xCD, 150); // combining marks
    fill(table, 0xCE, 0xCF, 43);  // Greek
    fill(table, 0xD0, 0xD3, 33);  // Cyrillic
    fill(table, 0xD4, 0xD7, 54);  // Armenian, Hebrew
    fill(table, 0xD8, 0xDB, 40);  // Arabic
    fill(table, 0xDC, 0xDF, 150); // Syriac, Thaana, N'Ko
    fill(table, 0xE0, 0xE0, 44);  // the scripts of India, Thai, Lao
    fill(table, 0xE1, 0xE1, 50);  // Georgian, Khmer, Vietnamese letters
    fill(table, 0xE2, 0xE2, 128); // typographic signs
    fill(table, 0xE3, 0xE3, 68);  // kana
    fill(table, 0xE4, 0xE9, 95);  // Han
    fill(table, 0xEA, 0xED, 78);  // Hangul
    fill(table, 0xEE, 0xEF, 119); // full-width forms
    fill(table, 0xF0, 0xFF, 165); // emoji and rare planes
    return table;
}();

} // namespace

void TextMeasure::add(std::string_view text) {
    bytes_ += text.size();
    std::uint64_t sum = 0;
#pragma clang loop unroll_count(8)
    for (const char c : text) sum += weights[position(c)];
    hundredths_ += sum;
}

void TextMeasure::add(const TextMeasure& other) {
    bytes_ += other.bytes_;
    hundredths_ += other.hundredths_;
}

std::uint64_t TextMeasure::tokens() const {
    if (bytes_ == 0) return 0;
    return hundredths_ == 0 ? 1 : (hundredths_ + 99) / 100;
}

std::uint64_t estimate_tokens(std::string_view text) {
    TextMeasure measure;
    measure.add(text);
    return measure.tokens();
}

} // namespace tollgate::domain
