#include "storage/redis/sentinel.hpp"

#include <array>
#include <charconv>

namespace tollgate::storage::redis {

using base::Result;
using runtime::Task;

namespace {

std::unexpected<base::Error> no_master(const std::string& reason) {
    return base::fail(base::ErrorCode::storage_unavailable, base::ErrorSource::storage,
                      "the sentinels name no master: " + reason);
}

/// One command on a connection of its own.
Task<Result<Reply>> ask_once(runtime::Stream& stream, Command command) {
    const std::string bytes = command.encode();
    const std::string_view piece = bytes;
    const auto written = stream.try_write(std::span(&piece, 1));
    if (!written) co_return std::unexpected(written.error());
    if (!*written) {
        const auto flushed = co_await stream.flush();
        if (!flushed) co_return std::unexpected(flushed.error());
    }
    ReplyReader reader;
    std::array<char, 1024> buffer;
    for (;;) {
        const auto read = co_await stream.read_some(buffer);
        if (!read) co_return std::unexpected(read.error());
        reader.feed(std::string_view(buffer.data(), *read));
        auto reply = reader.next();
        if (!reply) co_return std::unexpected(reply.error());
        if (*reply) co_return std::move(**reply);
    }
}

} // namespace

Task<Result<RedisServer>> SentinelLocator::locate() {
    const auto& sentinels = services_.settings.servers;
    Result<RedisServer> found = no_master("there are none");
    for (std::size_t i = 0; i < sentinels.size(); ++i) {
        const std::size_t index = (begin_ + i) % sentinels.size();
        RedisServer sentinel = sentinels[index];
        found = co_await ask(std::move(sentinel));
        if (!found) continue;
        begin_ = index;
        break;
    }
    co_return found;
}

Task<Result<RedisServer>> SentinelLocator::ask(RedisServer sentinel) {
    auto stream = co_await dial(services_, std::move(sentinel));
    if (!stream) co_return std::unexpected(stream.error());
    (*stream)->expires_after(services_.settings.connect_time, base::ErrorCode::connect_timeout);
    Command question{"SENTINEL", "get-master-addr-by-name", services_.settings.master};
    const auto reply = co_await ask_once(**stream, std::move(question));
    if (!reply) co_return no_master(reply.error().message);
    if (reply->is_error()) co_return no_master(reply->text);
    if (reply->elements.size() != 2)
        co_return no_master("they do not know '" + services_.settings.master + "'");
    RedisServer server{.host = reply->elements[0].text};
    const std::string& port = reply->elements[1].text;
    std::from_chars(port.data(), port.data() + port.size(), server.port);
    co_return server;
}

} // namespace tollgate::storage::redis
