#include "tollgate/storage/redis_settings.hpp"

namespace tollgate::storage {

namespace {

RedisSettings parse(std::string_view url) {
    auto settings = parse_redis_url(url);
    EXPECT_TRUE(settings.has_value()) << url;
    return settings.value_or(RedisSettings{});
}

} // namespace

TEST(RedisUrl, ReadsEveryForm) {
    const RedisSettings plain = parse("redis://cache.example");
    EXPECT_EQ(plain.kind, RedisKind::single);
    EXPECT_EQ(plain.servers, (std::vector<RedisServer>{{.host = "cache.example", .port = 6379}}));
    EXPECT_FALSE(plain.is_encrypted);
    EXPECT_EQ(plain.database, 0U);

    const RedisSettings full = parse("rediss://app:p%40ss%2Fword@[::1]:6380/3");
    EXPECT_TRUE(full.is_encrypted);
    EXPECT_EQ(full.user, "app");
    EXPECT_EQ(full.password.expose(), "p@ss/word");
    EXPECT_EQ(full.servers[0], (RedisServer{.host = "::1", .port = 6380}));
    EXPECT_EQ(full.database, 3U);

    EXPECT_EQ(parse("redis://:secret@h").password.expose(), "secret");
    EXPECT_EQ(parse("redis://:secret@h").user, "");

    const RedisSettings file = parse("unix:/run/redis.sock?db=2");
    EXPECT_EQ(file.servers[0].unix_path, "/run/redis.sock");
    EXPECT_EQ(file.database, 2U);
    EXPECT_EQ(parse("unix:///run/redis.sock").servers[0].unix_path, "/run/redis.sock");

    const RedisSettings sentinel = parse("redis+sentinel://:pw@a,b:26380/main/1");
    EXPECT_EQ(sentinel.kind, RedisKind::sentinel);
    EXPECT_EQ(sentinel.master, "main");
    EXPECT_EQ(sentinel.database, 1U);
    EXPECT_EQ(sentinel.servers,
              (std::vector<RedisServer>{{.host = "a", .port = 26379}, {.host = "b", .port = 26380}}));

    const RedisSettings cluster = parse("rediss+cluster://a:7000,b:7001");
    EXPECT_EQ(cluster.kind, RedisKind::cluster);
    EXPECT_TRUE(cluster.is_encrypted);
    EXPECT_EQ(cluster.servers.size(), 2U);
}

TEST(RedisUrl, RefusesWhatMakesNoSenseAndNeverQuotesThePassword) {
    for (const char* url : {"",
                            "http://h",
                            "redis://",
                            "redis://h:0",
                            "redis://h:99999",
                            "redis://h:x",
                            "redis://hunter2@h",
                            "redis://u:hunter2%zz@h",
                            "redis://u:hunter2%4@h",
                            "redis://[::1",
                            "redis://[::1]x",
                            "redis://h/x",
                            "redis://a,b",
                            "redis://h?x=1",
                            "redis+sentinel://h",
                            "redis+sentinel://h/",
                            "redis+cluster://h/1",
                            "unix:relative",
                            "unix:/a?x=1",
                            "unix:/a?db=x",
                            "redis://h:6379/18446744073709551616"}) {
        const auto settings = parse_redis_url(url);
        ASSERT_FALSE(settings.has_value()) << url;
        EXPECT_EQ(settings.error().code, base::ErrorCode::invalid_configuration);
        EXPECT_EQ(settings.error().message.find("hunter2"), std::string::npos) << url;
    }
}

TEST(RedisUrl, PrintsServersAsTheyAreWritten) {
    EXPECT_EQ(to_string(RedisServer{.host = "h", .port = 1}), "h:1");
    EXPECT_EQ(to_string(RedisServer{.host = "::1", .port = 1}), "[::1]:1");
    EXPECT_EQ(to_string(RedisServer{.unix_path = "/s"}), "unix:/s");
}

} // namespace tollgate::storage
