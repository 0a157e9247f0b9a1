// Where Redis is and how long to wait for it, as read from storage.redis. Plain values, shared by all
// workers, never written after the start.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/base/secret.hpp"
#include "tollgate/runtime/tls_client.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::storage {

/// One server: host and port, or a socket file.
struct RedisServer {
    std::string host{}; // without brackets
    std::uint16_t port = 6379;
    std::string unix_path{}; // empty for TCP
    friend bool operator==(const RedisServer&, const RedisServer&) = default;
};

std::string to_string(const RedisServer& server);

enum class RedisKind { single, sentinel, cluster };

struct RedisSettings {
    RedisKind kind = RedisKind::single;
    std::vector<RedisServer> servers{}; // sentinel: the sentinels; cluster: where to begin
    std::string master{};               // sentinel: the name of what they watch
    std::string user{};                 // empty: Redis' default user
    base::Secret password{};
    std::uint32_t database = 0;
    bool is_encrypted = false;
    runtime::TlsClient tls{};                    // set by the application when is_encrypted
    std::chrono::milliseconds command_time{100}; // from sending a command to its reply
    std::chrono::milliseconds connect_time{1'000};
    std::size_t queue = 10'000; // commands of one connection that wait for their replies
};

/// redis://[user[:password]@]host[:port][/database], rediss:// for TLS, unix:/path[?db=N],
/// redis+sentinel://…@host:port,host:port/master[/database], redis+cluster://…@host:port,host:port; the last
/// two also as rediss+…. User and password may be percent-encoded. Error: invalid_configuration, without
/// quoting the text, which may hold the password.
base::Result<RedisSettings> parse_redis_url(std::string_view url);

} // namespace tollgate::storage
