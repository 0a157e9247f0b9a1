// The bytes of a record's fields: unsigned numbers as LEB128, signed ones zigzag first, text with its length
// in front. A reader never looks beyond its bytes; the first fault makes everything after it read as nothing.
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tollgate::storage::journal {

/// Longer text is cut when written: names and words of a record are short, and a record has a bound.
inline constexpr std::size_t longest_text = 1024;

class FieldWriter {
public:
    explicit FieldWriter(std::string& out) : out_(out) {}
    void number(std::uint64_t value);
    void signed_number(std::int64_t value);
    void text(std::string_view value);

private:
    std::string& out_;
};

class FieldReader {
public:
    explicit FieldReader(std::string_view bytes) : rest_(bytes) {}
    std::uint64_t number();
    /// A number of at most `most`; a larger one is a fault.
    std::uint64_t number_up_to(std::uint64_t most);
    std::int64_t signed_number();
    std::string text();

    /// Everything was read and nothing was wrong.
    bool is_complete() const { return good_ && rest_.empty(); }

private:
    void give_up();
    std::string_view rest_;
    bool good_ = true;
};

} // namespace tollgate::storage::journal
