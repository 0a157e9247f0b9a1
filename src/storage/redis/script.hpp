// A Lua script and the SHA-1 under which Redis remembers it. Made once, read by all workers.
#pragma once

#include "storage/redis/command.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tollgate::storage::redis {

class Script {
public:
    explicit Script(std::string text);

    const std::string& text() const { return text_; }
    const std::string& sha() const { return sha_; }

    /// EVALSHA with these keys; arguments are added by the caller.
    Command command(std::initializer_list<std::string_view> keys) const;

    /// The same command as EVAL, with the text, for a server that does not know the script.
    Command with_text(const Command& command) const;

private:
    std::string text_;
    std::string sha_;
};

} // namespace tollgate::storage::redis
