#include "tollgate/storage/redis_settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace tollgate::storage {

namespace {

using base::Result;

constexpr std::uint16_t server_port = 6379;
constexpr std::uint16_t sentinel_port = 26379;

struct Scheme {
    std::string_view text;
    RedisKind kind;
    bool is_encrypted;
};

constexpr std::array schemes = {
    Scheme{"redis://", RedisKind::single, false},
    Scheme{"rediss://", RedisKind::single, true},
    Scheme{"redis+sentinel://", RedisKind::sentinel, false},
    Scheme{"rediss+sentinel://", RedisKind::sentinel, true},
    Scheme{"redis+cluster://", RedisKind::cluster, false},
    Scheme{"rediss+cluster://", RedisKind::cluster, true},
};

std::unexpected<base::Error> wrong(const std::string& message) {
    return base::fail(base::ErrorCode::invalid_configuration, base::ErrorSource::internal,
                      "the URL of Redis " + message);
}

template <class Number>
std::optional<Number> read_number(std::string_view text) {
    Number number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return number;
}

std::optional<std::string> decode_percent(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded.push_back(text[i]);
            continue;
        }
        const std::string_view digits = text.substr(i + 1, 2);
        unsigned value = 0;
        const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        if (digits.size() != 2 || fault != std::errc{} || end != digits.data() + 2) return std::nullopt;
        decoded.push_back(static_cast<char>(value));
        i += 2;
    }
    return decoded;
}

Result<void> read_credential(std::string_view text, RedisSettings& settings) {
    const auto colon = text.find(':');
    auto user = decode_percent(text.substr(0, colon));
    auto password = decode_percent(colon == std::string_view::npos ? "" : text.substr(colon + 1));
    if (!user || !password) return wrong("has a user or password with a broken percent-encoding");
    settings.user = std::move(*user);
    settings.password = base::Secret(std::move(*password));
    if (!settings.user.empty() && settings.password.empty()) return wrong("names a user without a password");
    return {};
}

Result<RedisServer> read_server(std::string_view text, std::uint16_t usual_port) {
    RedisServer server{.port = usual_port};
    std::string_view port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return wrong("has an address with an open bracket");
        server.host = text.substr(1, end - 1);
        text.remove_prefix(end + 1);
        if (!text.empty() && text[0] != ':') return wrong("has an address with something behind its bracket");
        port = text;
    } else {
        const auto colon = text.find(':');
        server.host = text.substr(0, colon);
        port = colon == std::string_view::npos ? "" : text.substr(colon);
    }
    if (server.host.empty()) return wrong("names no host");
    if (port.empty()) return server;
    const auto number = read_number<std::uint16_t>(port.substr(1));
    if (!number || *number == 0) return wrong("has a port that is not a number from 1 to 65535");
    server.port = *number;
    return server;
}

Result<void> read_servers(std::string_view text, RedisSettings& settings) {
    const std::uint16_t port = settings.kind == RedisKind::sentinel ? sentinel_port : server_port;
    while (true) {
        const auto comma = text.find(',');
        auto server = read_server(text.substr(0, comma), port);
        if (!server) return std::unexpected(server.error());
        settings.servers.push_back(std::move(*server));
        if (comma == std::string_view::npos) break;
        text.remove_prefix(comma + 1);
    }
    if (settings.kind == RedisKind::single && settings.servers.size() > 1)
        return wrong("names several servers: say redis+sentinel:// or redis+cluster://");
    return {};
}

Result<void> read_database(std::string_view text, RedisSettings& settings) {
    if (text.empty()) return {};
    const auto number = read_number<std::uint32_t>(text);
    if (!number) return wrong("has a database that is not a number");
    if (*number != 0 && settings.kind == RedisKind::cluster)
        return wrong("names a database: a cluster has only 0");
    settings.database = *number;
    return {};
}

Result<void> read_path(std::string_view path, RedisSettings& settings) {
    if (settings.kind != RedisKind::sentinel) return read_database(path, settings);
    const auto slash = path.find('/');
    settings.master = path.substr(0, slash);
    if (settings.master.empty())
        return wrong("needs the name of the master: redis+sentinel://host:port/NAME");
    return read_database(slash == std::string_view::npos ? "" : path.substr(slash + 1), settings);
}

Result<RedisSettings> read_unix(std::string_view text) {
    RedisSettings settings;
    const auto query = text.find('?');
    settings.servers.push_back({.unix_path = std::string(text.substr(0, query))});
    if (!settings.servers[0].unix_path.starts_with('/')) return wrong("needs an absolute path: unix:/path");
    if (query == std::string_view::npos) return settings;
    const std::string_view choice = text.substr(query + 1);
    if (!choice.starts_with("db=")) return wrong("takes only ?db=N behind a path");
    const auto read = read_database(choice.substr(3), settings);
    if (!read) return std::unexpected(read.error());
    return settings;
}

} // namespace

std::string to_string(const RedisServer& server) {
    if (!server.unix_path.empty()) return "unix:" + server.unix_path;
    const bool is_ipv6 = server.host.find(':') != std::string::npos;
    return (is_ipv6 ? "[" + server.host + "]" : server.host) + ":" + std::to_string(server.port);
}

Result<RedisSettings> parse_redis_url(std::string_view url) {
    if (url.starts_with("unix:")) return read_unix(url.substr(url.starts_with("unix://") ? 7 : 5));
    const auto* const scheme =
        std::ranges::find_if(schemes, [&](const Scheme& each) { return url.starts_with(each.text); });
    if (scheme == schemes.end())
        return wrong("must begin with redis://, rediss://, redis+sentinel://, redis+cluster:// or unix:");
    RedisSettings settings{.kind = scheme->kind, .is_encrypted = scheme->is_encrypted};
    url.remove_prefix(scheme->text.size());
    if (url.find_first_of("?#") != std::string_view::npos) return wrong("takes no query and no fragment");
    const auto slash = url.find('/');
    std::string_view authority = url.substr(0, slash);
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        const auto credential = read_credential(authority.substr(0, at), settings);
        if (!credential) return std::unexpected(credential.error());
        authority.remove_prefix(at + 1);
    }
    const auto servers = read_servers(authority, settings);
    if (!servers) return std::unexpected(servers.error());
    const auto path = read_path(slash == std::string_view::npos ? "" : url.substr(slash + 1), settings);
    if (!path) return std::unexpected(path.error());
    return settings;
}

} // namespace tollgate::storage
