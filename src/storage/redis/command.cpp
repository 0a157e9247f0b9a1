#include "storage/redis/command.hpp"

#include "tollgate/base/check.hpp"

#include <hiredis/hiredis.h>

namespace tollgate::storage::redis {

Command::Command(std::initializer_list<std::string_view> words) {
    words_.reserve(words.size() + 4);
    for (const std::string_view word : words) words_.emplace_back(word);
}

Command& Command::add(std::string_view word) {
    words_.emplace_back(word);
    return *this;
}

std::string Command::encode() const {
    std::vector<const char*> starts;
    std::vector<std::size_t> sizes;
    starts.reserve(words_.size());
    sizes.reserve(words_.size());
    for (const std::string& word : words_) {
        starts.push_back(word.data());
        sizes.push_back(word.size());
    }
    char* formatted = nullptr;
    const auto size =
        redisFormatCommandArgv(&formatted, static_cast<int>(words_.size()), starts.data(), sizes.data());
    TG_CHECK(size >= 0);
    std::string bytes(formatted, static_cast<std::size_t>(size));
    redisFreeCommand(formatted);
    return bytes;
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
