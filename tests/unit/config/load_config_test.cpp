#include "unit/config/settings.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace tollgate::config {

using namespace std::chrono_literals;
using testing::faults_of;
using testing::load;

namespace {

constexpr std::string_view every_setting = R"(
server:
  listen: ["0.0.0.0:80", "[::1]:8443", "unix:/run/t.sock"]
  workers: 3
  tls: {certificate: a.pem, private_key: b.pem}
  trusted_proxies: ["10.0.0.0/8", "::1"]
  drain_timeout: 1m
  limits:
    {head: 32KiB, headers: 50, body: 1MiB, connections: 7, head_time: 500ms, body_time: 2s, idle_time: 1h}
storage:
  database: "postgresql://u:hunter2@db:5432/t?sslmode=require"
  redis: "rediss://:pw@r:6379/1"
  redis_timeout: 70ms
  redis_certificate_authority: r.pem
  journal: /j
  migrate: false
  postgresql: {connections: 20, connect_timeout: 2s, timeout: 7s, listen: "postgresql://u:pw@db/t"}
accounts: {registration: invite, session_secret: 0123456789abcdef, session_time: 1h, concurrency: 0}
keys: {cache_time: 1m, negative_cache_time: 0s, cache_entries: 5, default_rate_limit: 10, max_rate_limit: 20}
billing:
  currency: USD
  time_zone: UTC
  usd_rate: "1"
  buffer: 0
  markup: "0.125"
  prices: p.json
  price_overrides:
    m: {input_cost_per_token: 1.5e-07, mode: chat}
  unpriced: {floor: "0.10"}
  wallet: true
  reserve_wait: 0s
providers:
  mine:
    protocol: gemini
    base_url: http://[::1]:9000/v1/
    keys: [k1, k2]
    certificate_authority: ca.pem
    timeouts: {connect: 1s, first_byte: 2s, idle: 3s, total: 4s}
    attempts: 1
    connections: 9
    keep_alive: false
    breaker: {failures: 0, open_time: 1s}
routing:
  aliases: {fast: mine/small}
  fallbacks: {mine/big: [mine/small, mine/tiny]}
  pool: mine
usage: {add_cost: false, retention_days: 30}
telemetry: {log_level: warn, log_format: json, access_log: errors, metrics_listen: ~}
)";

void expect_server(const Server& server) {
    ASSERT_EQ(server.listen.size(), 3U);
    EXPECT_EQ(server.listen[0], (ListenAddress{.host = "0.0.0.0", .port = 80}));
    EXPECT_EQ(server.listen[1], (ListenAddress{.host = "::1", .port = 8443}));
    EXPECT_EQ(server.listen[2], (ListenAddress{.unix_path = "/run/t.sock"}));
    EXPECT_EQ(server.workers, 3U);
    EXPECT_EQ(server.tls, (Server::Tls{.certificate = "a.pem", .private_key = "b.pem"}));
    EXPECT_EQ(server.trusted_proxies, (std::vector<std::string>{"10.0.0.0/8", "::1"}));
    EXPECT_EQ(server.drain_timeout, 60s);
    EXPECT_EQ(server.limits, (Server::Limits{.head = 32768,
                                             .headers = 50,
                                             .body = 1048576,
                                             .connections = 7,
                                             .head_time = 500ms,
                                             .body_time = 2s,
                                             .idle_time = 1h}));
}

void expect_billing(const Billing& billing) {
    EXPECT_EQ(billing.currency, "USD");
    EXPECT_EQ(billing.time_zone, "UTC");
    EXPECT_EQ(billing.usd_rate, (base::Decimal{1, 0}));
    EXPECT_EQ(billing.buffer, (base::Decimal{0, 0}));
    EXPECT_EQ(billing.markup, (base::Decimal{125, 3}));
    EXPECT_EQ(billing.prices, "p.json");
    EXPECT_EQ(billing.price_overrides, R"({"m":{"input_cost_per_token":1.5e-07,"mode":"chat"}})");
    EXPECT_EQ(billing.unpriced.floor, base::Money::of_micros(100'000));
    EXPECT_TRUE(billing.wallet);
    EXPECT_EQ(billing.reserve_wait, 0s);
}

void expect_provider(const Provider& provider) {
    EXPECT_EQ(provider.protocol, Protocol::gemini);
    EXPECT_EQ(to_string(provider.base_url), "http://[::1]:9000/v1");
    ASSERT_EQ(provider.keys.size(), 2U);
    EXPECT_EQ(provider.keys[1].expose(), "k2");
    EXPECT_EQ(provider.certificate_authority, "ca.pem");
    EXPECT_EQ(provider.timeouts,
              (Provider::Timeouts{.connect = 1s, .first_byte = 2s, .idle = 3s, .total = 4s}));
    EXPECT_EQ(provider.attempts, 1U);
    EXPECT_EQ(provider.connections, 9U);
    EXPECT_FALSE(provider.keep_alive);
    EXPECT_EQ(provider.breaker, (Provider::Breaker{.failures = 0, .open_time = 1s}));
}

} // namespace

TEST(LoadConfig, ReadsEverySetting) {
    ASSERT_EQ(faults_of(every_setting), "");
    const Config config = load(every_setting).config;
    expect_server(config.server);
    expect_billing(config.billing);
    ASSERT_EQ(config.providers.size(), 1U);
    expect_provider(config.providers.at("mine"));

    const auto* postgres = std::get_if<PostgresDatabase>(&config.storage.database);
    ASSERT_NE(postgres, nullptr);
    EXPECT_EQ(postgres->url.expose(), "postgresql://u:hunter2@db:5432/t?sslmode=require");
    EXPECT_EQ(postgres->display, "postgresql://db:5432/t");
    EXPECT_EQ(config.storage.redis->expose(), "rediss://:pw@r:6379/1");
    EXPECT_EQ(config.storage.redis_timeout, Duration(70));
    EXPECT_EQ(config.storage.redis_certificate_authority, "r.pem");
    EXPECT_EQ(config.storage.journal, "/j");
    EXPECT_FALSE(config.storage.migrate);
    EXPECT_EQ(config.storage.postgresql, (Postgresql{.connections = 20,
                                                     .connect_timeout = 2s,
                                                     .timeout = 7s,
                                                     .listen = base::Secret("postgresql://u:pw@db/t")}));
    EXPECT_EQ(config.accounts, (Accounts{.registration = Registration::invite,
                                         .session_secret = base::Secret("0123456789abcdef"),
                                         .session_time = 1h,
                                         .concurrency = 0}));
    EXPECT_EQ(config.keys, (Keys{.cache_time = 1min,
                                 .negative_cache_time = 0s,
                                 .cache_entries = 5,
                                 .default_rate_limit = 10,
                                 .max_rate_limit = 20}));
    EXPECT_EQ(config.routing.aliases.at("fast"), "mine/small");
    EXPECT_EQ(config.routing.fallbacks.at("mine/big"), (std::vector<std::string>{"mine/small", "mine/tiny"}));
    EXPECT_EQ(config.routing.pool, "mine");
    EXPECT_EQ(config.usage, (Usage{.add_cost = false, .retention_days = 30}));
    EXPECT_EQ(config.telemetry, (Telemetry{.log_level = LogLevel::warn,
                                           .log_format = LogFormat::json,
                                           .access_log = AccessLog::errors,
                                           .metrics_listen = std::nullopt}));
}

TEST(LoadConfig, GivesTheDefaultsForWhatIsLeftOut) {
    for (const std::string_view text : {"", "# nothing\n", "{}", "server:\n  limits:\nproviders:\n", "~"}) {
        const auto loaded = load(text);
        EXPECT_EQ(format_faults(loaded.faults, "f"), "") << text;
        EXPECT_EQ(loaded.config, Config{}) << text;
    }
}

TEST(LoadConfig, AcceptsJson) {
    const auto loaded =
        load(R"({"server": {"workers": "auto", "limits": {"headers": 7}}, "usage": {"add_cost": false}})");
    EXPECT_TRUE(loaded.faults.empty());
    EXPECT_EQ(loaded.config.server.workers, 0U);
    EXPECT_EQ(loaded.config.server.limits.headers, 7U);
    EXPECT_FALSE(loaded.config.usage.add_cost);
}

TEST(LoadConfig, AcceptsAnOverrideThatIsOnlyAPartOfAPrice) {
    EXPECT_EQ(faults_of("billing: {price_overrides: {openai/gpt-4o: {input_cost_per_token: '1e-06'}}}"), "");
}

TEST(LoadConfig, AcceptsAnchorsAndAliases) {
    const auto loaded = load(R"(
providers:
  a: {base_url: "http://a", timeouts: &slow {total: 1h}}
  b: {base_url: "http://b", timeouts: *slow}
)");
    EXPECT_TRUE(loaded.faults.empty());
    EXPECT_EQ(loaded.config.providers.at("b").timeouts.total, 1h);
}

TEST(LoadConfig, ReadsAFileFromDisk) {
    const auto path =
        std::filesystem::temp_directory_path() / ("tollgate-config-" + std::to_string(getpid()));
    std::ofstream(path) << "server: {workers: 2}\n";
    const auto loaded = load_config_file(path.string(), process_environment());
    std::filesystem::remove(path);
    EXPECT_TRUE(loaded.faults.empty());
    EXPECT_EQ(loaded.config.server.workers, 2U);
}

TEST(LoadConfig, SaysWhyAFileCannotBeRead) {
    const auto of = [](const std::string& path) {
        return format_faults(load_config_file(path, process_environment()).faults, path);
    };
    EXPECT_EQ(of("/nowhere/t.yaml"), "/nowhere/t.yaml: cannot read the file: no such file\n");
    EXPECT_EQ(of("/tmp"), "/tmp: cannot read the file: not a regular file\n");
    EXPECT_EQ(of("/dev/zero"), "/dev/zero: cannot read the file: not a regular file\n");
}

} // namespace tollgate::config
