// How many tokens a text is likely to be, for calls whose provider did not say: integer weights by script,
// summed byte by byte, so that a text gives the same sum in one piece or in many. Pure. Why no tokenizer, and
// how far off this is: docs/decisions/0009-token-estimate.md.
#pragma once

#include <cstdint>
#include <string_view>

namespace tollgate::domain {

/// A sum over texts; starts at nothing.
class TextMeasure {
public:
    /// UTF-8, split anywhere.
    void add(std::string_view text);
    void add(const TextMeasure& other);

    std::uint64_t bytes() const { return bytes_; }

    /// Rounded up: any text at all is at least one token.
    std::uint64_t tokens() const;

    friend bool operator==(const TextMeasure&, const TextMeasure&) = default;

private:
    std::uint64_t bytes_ = 0;
    std::uint64_t hundredths_ = 0; // of a token
};

/// The tokens of one text.
std::uint64_t estimate_tokens(std::string_view text);

} // namespace tollgate::domain
