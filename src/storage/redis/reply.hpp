// What Redis answers, as a value, and the reader that finds replies in the bytes of a connection (hiredis'
// redisReader). One connection, one thread.
#pragma once

#include "tollgate/base/error.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct redisReader;

namespace tollgate::storage::redis {

struct Reply {
    enum class Kind { nil, status, error, integer, text, array };
    Kind kind = Kind::nil;
    std::int64_t integer = 0;
    std::string text{}; // status, error, text
    std::vector<Reply> elements{};

    bool is_error() const { return kind == Kind::error; }
    bool is_text() const { return kind == Kind::text || kind == Kind::status; }
    /// The n-th number of an array; 0 when there is none.
    std::int64_t number(std::size_t index) const;
};

class ReplyReader {
public:
    ReplyReader();
    ReplyReader(const ReplyReader&) = delete;
    ReplyReader& operator=(const ReplyReader&) = delete;
    ~ReplyReader();

    void feed(std::string_view bytes);

    /// The next whole reply; nothing: more bytes are needed. Error: invalid_response, after which the
    /// connection is of no use.
    base::Result<std::optional<Reply>> next();

private:
    struct Free {
        void operator()(redisReader* reader) const;
    };
    std::unique_ptr<redisReader, Free> reader_;
};

} // namespace tollgate::storage::redis
