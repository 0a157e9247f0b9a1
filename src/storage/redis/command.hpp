// A command and its arguments, written as the protocol wants them. Its words stand in one piece of memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::storage::redis {

class Command {
public:
    Command(std::initializer_list<std::string_view> words);

    Command& add(std::string_view word);
    /// One word made of two.
    Command& add(std::string_view begin, std::string_view end);

    std::size_t size() const { return ends_.size(); }
    std::string_view word(std::size_t index) const;

    std::string encode() const;
    void encode_to(std::string& out) const;

private:
    std::string bytes_;
    std::vector<std::size_t> ends_; // of the words
};

/// Whole numbers as a script reads them with struct.unpack('<i8i8…').
class Numbers {
public:
    Numbers(std::initializer_list<std::int64_t> numbers);
    Numbers& add(std::int64_t number);
    std::string_view bytes() const { return bytes_; }

private:
    std::string bytes_;
};

} // namespace tollgate::storage::redis
