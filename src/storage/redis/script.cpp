#include "storage/redis/script.hpp"

#include "tollgate/base/digest.hpp"

#include <openssl/sha.h>

#include <array>
#include <cstdint>

namespace tollgate::storage::redis {

Script::Script(std::string text) : text_(std::move(text)) {
    std::array<std::uint8_t, SHA_DIGEST_LENGTH> digest{};
    SHA1(reinterpret_cast<const unsigned char*>(text_.data()), text_.size(), digest.data());
    sha_ = base::to_hex(digest);
}

Command Script::command(std::initializer_list<std::string_view> keys) const {
    Command command{"EVALSHA", sha_, std::to_string(keys.size())};
    for (const std::string_view key : keys) command.add(key);
    return command;
}

Command Script::with_text(const Command& command) const {
    Command full{"EVAL", text_};
    for (std::size_t i = 2; i < command.size(); ++i) full.add(command.word(i));
    return full;
}

} // namespace tollgate::storage::redis
