// A command and its arguments, written as the protocol wants them (hiredis' redisFormatCommandArgv).
#pragma once

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
    const std::vector<std::string>& words() const { return words_; }
    std::string encode() const;

private:
    std::vector<std::string> words_;
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
