#include "storage/redis/command.hpp"

#include <array>
#include <charconv>

namespace tollgate::storage::redis {

namespace {

/// "$12\r\n"
void add_length(std::string& out, char kind, std::size_t length) {
    std::array<char, 24> text{};
    text[0] = kind;
    char* const end = std::to_chars(text.data() + 1, text.data() + text.size(), length).ptr;
    out.append(text.data(), end);
    out += "\r\n";
}

} // namespace

Command::Command(std::initializer_list<std::string_view> words) {
    ends_.reserve(words.size() + 4);
    for (const std::string_view word : words) add(word);
}

Command& Command::add(std::string_view word) {
    bytes_ += word;
    ends_.push_back(bytes_.size());
    return *this;
}

Command& Command::add(std::string_view begin, std::string_view end) {
    bytes_ += begin;
    return add(end);
}

std::string_view Command::word(std::size_t index) const {
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(bytes_).substr(begin, ends_[index] - begin);
}

std::string Command::encode() const {
    std::string out;
    encode_to(out);
    return out;
}

void Command::encode_to(std::string& out) const {
    add_length(out, '*', size());
    for (std::size_t i = 0; i < size(); ++i) {
        const std::string_view text = word(i);
        add_length(out, '$', text.size());
        out += text;
        out += "\r\n";
    }
}

Numbers::Numbers(std::initializer_list<std::int64_t> numbers) {
    bytes_.reserve(numbers.size() * sizeof(std::int64_t));
    for (const std::int64_t number : numbers) add(number);
}

Numbers& Numbers::add(std::int64_t number) {
    auto rest = static_cast<std::uint64_t>(number);
    for (std::size_t i = 0; i < sizeof rest; ++i) {
        bytes_.push_back(static_cast<char>(rest & 0xFFU));
        rest >>= 8U;
    }
    return *this;
}

} // namespace tollgate::storage::redis
