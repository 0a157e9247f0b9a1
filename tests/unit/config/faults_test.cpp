#include "unit/config/settings.hpp"

#include <gtest/gtest.h>

namespace tollgate::config {

using testing::faults_of;
using testing::load;

namespace {

struct Row {
    std::string_view text;
    std::string_view fault;
};

} // namespace

TEST(Faults, NameEverySettingAtFaultWithItsLineAtOnce) {
    EXPECT_EQ(faults_of(R"(server:
  listen: ["127.0.0.1"]
  limits:
    body: 10MB
    headers: many
usage:
  retention_days: 0
storage:
  migrat: true
)"),
              "f:2: server.listen[0]: '127.0.0.1' needs an address and a port, such as 127.0.0.1:8080, "
              "[::1]:8080 or unix:/run/tollgate.sock (0.0.0.0 for every IPv4 address)\n"
              "f:4: server.limits.body: '10MB' is not a size: write bytes or a whole number with KiB, MiB or "
              "GiB, such as 16KiB\n"
              "f:5: server.limits.headers: 'many' is not a whole number from 0 to 4294967295\n"
              "f:7: usage.retention_days: must be from 1 to 36500\n"
              "f:9: storage.migrat: is not a setting; did you mean migrate?\n");
}

TEST(Faults, AreFoundInEverySetting) {
    for (const Row& row : {
             Row{"server: 5", "server: must be a map of settings, but is a single value"},
             Row{"[1]", "must be a map of settings, but is a list"},
             Row{"server: {listen: '127.0.0.1:80'}",
                 "server.listen: must be a list such as [\"…\"], but is a single value"},
             Row{"server: {listen: []}", "server.listen: needs at least one address"},
             Row{"server: {listen: ['::1:80']}",
                 "server.listen[0]: '::1:80' needs an IPv6 address in brackets"},
             Row{"server: {listen: ['a:65536']}", "server.listen[0]: 'a:65536' needs a port from 0 to 65535"},
             Row{"server: {listen: ['unix:']}", "server.listen[0]: 'unix:' needs a socket path"},
             Row{"server: {listen: ['a:1', 'a:1']}", "server.listen[1]: is listed twice"},
             Row{"server: {workers: 0}", "server.workers: must be auto or a number from 1 to 1024"},
             Row{"server: {workers: all}", "server.workers: must be auto or a number from 1 to 1024"},
             Row{"server: {tls: {certificate: a}}",
                 "server.tls: needs certificate and private_key, or neither"},
             Row{"server: {trusted_proxies: [10.0.0.0/33]}", "server.trusted_proxies[0]: needs 0 to 32 bits"},
             Row{"server: {trusted_proxies: [proxy]}", "server.trusted_proxies[0]: is not an IP address"},
             Row{"server: {drain_timeout: 30}", "server.drain_timeout: '30' is not a duration"},
             Row{"server: {drain_timeout: -1s}", "server.drain_timeout: '-1s' is not a duration"},
             Row{"server: {drain_timeout: 25h}", "server.drain_timeout: must be from 0ms to 24h"},
             Row{"server: {limits: {head: 1}}", "server.limits.head: must be from 1KiB to 1MiB"},
             Row{"server: {limits: {head: [1]}}",
                 "server.limits.head: must be a single value, but is a list"},
             Row{"server: {limits: {head: ~}}", "server.limits.head: must be a single value, but is empty"},
             Row{"server: {limits: {idle_time: 0s}}", "server.limits.idle_time: must be from 1ms to 24h"},
             Row{"storage: {database: mysql://u:hunter2@h}",
                 "storage.database: must be sqlite:PATH or postgresql://"},
             Row{"storage: {redis: 'redis://r'}", "storage.redis: needs a postgresql database"},
             Row{"storage: {database: 'postgresql://h/d', redis: 'http://r'}",
                 "storage.redis: must begin with redis://"},
             Row{"storage: {postgresql: {connections: 1}}",
                 "storage.postgresql.connections: must be from 2 to 1000"},
             Row{"storage: {postgresql: {listen: 'http://hunter2@h'}}",
                 "storage.postgresql.listen: must be postgresql://"},
             Row{"storage: {migrate: yes}", "storage.migrate: 'yes' must be written true or false"},
             Row{"storage: {journal: ''}", "storage.journal: must not be empty"},
             Row{"accounts: {registration: opne}",
                 "accounts.registration: 'opne' is not one of open, invite, closed; did you mean open?"},
             Row{"accounts: {session_secret: short}",
                 "accounts.session_secret: needs at least 16 characters"},
             Row{"keys: {default_rate_limit: 20000}",
                 "keys.default_rate_limit: is above keys.max_rate_limit, which is 10000"},
             Row{"keys: {default_rate_limit: 0}", "keys.default_rate_limit: must be from 1 to"},
             Row{"billing: {currency: rupees}", "billing.currency: must be an ISO 4217 code"},
             Row{"billing: {time_zone: '../x'}", "billing.time_zone: is not a time zone of this system"},
             Row{"billing: {usd_rate: 0}", "billing.usd_rate: must be more than 0"},
             Row{"billing: {usd_rate: '88,5'}", "billing.usd_rate: '88,5' is not a decimal number"},
             Row{"billing: {buffer: -0.1}", "billing.buffer: must be from 0 to less than 10"},
             Row{"billing: {markup: 10}", "billing.markup: must be from 0 to less than 10"},
             Row{"billing: {unpriced: allow}", "billing.unpriced: must be refuse or a map"},
             Row{"billing: {unpriced: {flor: 1}}",
                 "billing.unpriced.flor: is not a setting; did you mean floor?"},
             Row{"billing: {unpriced: {floor: '0.0000001'}}",
                 "billing.unpriced.floor: '0.0000001' is not an amount"},
             Row{"billing: {unpriced: {floor: '-1'}}", "billing.unpriced.floor: must not be negative"},
             Row{"billing: {price_overrides: {m: 5}}",
                 "billing.price_overrides.m: must be a map of settings"},
             Row{"billing: {time_zone: Asia/Kolkatta}", "billing.time_zone: is not a time zone"},
             Row{"billing: {price_overrides: {m: {zzz: 1}}}", "billing.price_overrides.m: unknown field zzz"},
             Row{"billing: {price_overrides: {m: {input_cost_per_token: cheap}}}",
                 "billing.price_overrides.m: "},
             Row{"billing: {price_overrides: {m: {input_cost_per_token: -1}}}",
                 "billing.price_overrides.m: "},
             Row{"billing: {price_overrides: []}", "billing.price_overrides: must be a map of settings"},
             Row{"providers: {a: {base_url: 'ftp://a'}}", "providers.a.base_url: not an http or https URL"},
             Row{"providers: {A: {base_url: 'http://a'}}", "providers.A: a provider's name is made of"},
             Row{"providers: {a: {base_url: 'http://a', protocol: openapi}}",
                 "providers.a.protocol: 'openapi' is not one of openai, anthropic, gemini; did you mean "
                 "openai?"},
             Row{"providers: {a: {base_url: 'http://a', timeouts: {connect: 16m}}}",
                 "providers.a.timeouts.connect: is longer than providers.a.timeouts.total, which is 15m"},
             Row{"providers: {a: {base_url: 'http://a', timeouts: {first_byte: 16m}}}",
                 "providers.a.timeouts.first_byte: is longer than"},
             Row{"providers: {a: {base_url: 'http://a', attempts: 0}}",
                 "providers.a.attempts: must be from 1 to 100"},
             Row{"providers: {a: {base_url: 'http://a', brekaer: {}}}",
                 "providers.a.brekaer: is not a setting; did you mean breaker?"},
             Row{"routing: {pool: nobody}", "routing.pool: there is no provider 'nobody'"},
             Row{"routing: {aliases: {a: gpt-4o}}", "routing.aliases.a: must be written provider/model"},
             Row{"routing: {aliases: {a: nobody/x}}", "routing.aliases.a: there is no provider 'nobody'"},
             Row{"routing: {fallbacks: {openai/a: [openai/b, no/c]}}",
                 "routing.fallbacks.openai/a[1]: there is no provider 'no'"},
             Row{"routing: {fallbacks: {a: [openai/b]}}",
                 "routing.fallbacks.a: must be written provider/model"},
             Row{"routing: {fallbacks: {openai/a: openai/b}}", "routing.fallbacks.openai/a: must be a list"},
             Row{"telemetry: {log_level: verbose}",
                 "telemetry.log_level: 'verbose' is not one of trace, debug, info, warn, error, off"},
             Row{"telemetry: {access_log: true}",
                 "telemetry.access_log: 'true' is not one of all, errors, off"},
             Row{"telemetry: {metrics_listen: '127.0.0.1:8080'}",
                 "telemetry.metrics_listen: is an address of server.listen"},
             Row{"sever: {}", "sever: is not a setting; did you mean server?"},
         }) {
        const auto faults = load(row.text).faults;
        ASSERT_EQ(faults.size(), 1U) << row.text << "\n" << format_faults(faults, "f");
        const std::string expected = ": " + std::string(row.fault);
        const auto text = format_faults(faults, "f");
        EXPECT_NE(text.find(expected), std::string::npos) << row.text << "\n" << text;
    }
}

TEST(Faults, NameUnknownSettingsInEverySection) {
    for (const std::string_view section :
         {"server", "server.tls", "server.limits", "storage", "accounts", "keys", "billing", "providers.xai",
          "providers.xai.timeouts", "providers.xai.breaker", "routing", "usage", "telemetry"}) {
        std::string text = "{zzz: 1}";
        std::string rest(section);
        while (!rest.empty()) {
            const auto dot = rest.rfind('.');
            const auto name = dot == std::string::npos ? rest : rest.substr(dot + 1);
            text = "{" + name + ": " + text + "}";
            rest.resize(dot == std::string::npos ? 0 : dot);
        }
        EXPECT_EQ(faults_of(text, {{"XAI_API_KEY", "k"}}),
                  "f:1: " + std::string(section) + ".zzz: is not a setting\n");
    }
}

TEST(Faults, NameDuplicatesAnywhere) {
    EXPECT_EQ(faults_of("usage: {add_cost: true}\nkeys: {}\nusage: {add_cost: false}\n"),
              "f:3: usage: is set twice\n");
    EXPECT_EQ(faults_of("routing:\n  aliases:\n    a: openai/b\n    a: openai/c\n"),
              "f:4: routing.aliases.a: is set twice\n");
    EXPECT_EQ(faults_of("billing:\n  price_overrides:\n    m: {mode: chat, mode: chat}\n"),
              "f:3: billing.price_overrides.m.mode: is set twice\n");
}

TEST(Faults, NeverQuoteASecret) {
    for (const std::string_view text :
         {"storage: {database: 'mysql://u:hunter2@h/d'}", "storage: {redis: 'hunter2'}",
          "storage: {redis: 'http://:hunter2@h'}", "accounts: {session_secret: hunter2}",
          "providers: {a: {base_url: 'https://u:hunter2@h'}}", "providers: {a: {keys: [\"hunter2\\n\"]}}",
          "keys: {cache_entries: '${SECRET}'}", "telemetry: {log_level: '${file:secret}'}"}) {
        const auto faults = faults_of(text, {{"SECRET", "hunter2"}}, {{"secret", "hunter2"}});
        EXPECT_NE(faults, "") << text;
        EXPECT_EQ(faults.find("hunter2"), std::string::npos) << faults;
    }
}

} // namespace tollgate::config
