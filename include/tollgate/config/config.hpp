// Every setting with its default, as plain values. The names are those of the YAML file
// (docs/configuration.md). Built once by config::load_config_* and then read-only: shared by all threads
// without a lock.
#pragma once

#include "tollgate/base/decimal.hpp"
#include "tollgate/base/money.hpp"
#include "tollgate/base/secret.hpp"
#include "tollgate/base/url.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tollgate::config {

using Duration = std::chrono::milliseconds;

inline constexpr std::uint64_t kibibyte = 1024;
inline constexpr std::uint64_t mebibyte = 1024 * kibibyte;

enum class Protocol { openai, anthropic, gemini };
enum class Registration { open, invite, closed };
enum class LogFormat { automatic, json, human }; // written auto
enum class LogLevel { trace, debug, info, warn, error, off };
enum class AccessLog { all, errors, off };

std::string_view to_string(Protocol protocol);
std::string_view to_string(Registration registration);
std::string_view to_string(LogFormat format);
std::string_view to_string(LogLevel level);
std::string_view to_string(AccessLog choice);

/// "127.0.0.1:8080", "[::1]:8080", "localhost:0" or "unix:/run/tollgate.sock".
struct ListenAddress {
    std::string host{};      // an IPv6 address without its brackets; empty when unix_path is set
    std::uint16_t port = 0;  // 0: the system chooses
    std::string unix_path{}; // empty for TCP
    bool is_unix() const { return !unix_path.empty(); }
    friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

std::string to_string(const ListenAddress& address);

struct Server {
    struct Tls {
        std::string certificate{}; // PEM file, the chain; empty (both): plain HTTP
        std::string private_key{}; // PEM file
        bool is_on() const { return !certificate.empty(); }
        friend bool operator==(const Tls&, const Tls&) = default;
    };
    struct Limits {
        std::uint64_t head = 16 * kibibyte; // bytes of request line and headers
        std::uint32_t headers = 100;        // header fields of one request
        std::uint64_t body = 10 * mebibyte; // bytes of one request body
        std::uint32_t connections = 20'000; // open client connections of the process
        Duration head_time{10'000};         // from the first byte to the end of the head
        Duration body_time{60'000};         // longest wait for the rest of a body
        Duration idle_time{75'000};         // between two requests of a connection
        friend bool operator==(const Limits&, const Limits&) = default;
    };
    std::vector<ListenAddress> listen{{.host = "127.0.0.1", .port = 8080}};
    std::uint32_t workers = 0; // 0, written auto: one per processor
    Tls tls{};
    std::vector<std::string> trusted_proxies{}; // addresses and CIDR blocks whose X-Forwarded-For counts
    Duration drain_timeout{30'000};
    Limits limits{};
    friend bool operator==(const Server&, const Server&) = default;
};

struct SqliteDatabase {
    std::string path = "./data/tollgate.db";
    friend bool operator==(const SqliteDatabase&, const SqliteDatabase&) = default;
};

struct PostgresDatabase {
    base::Secret url{};    // postgresql://user:password@host:5432/name, as libpq takes it
    std::string display{}; // the same without user and password, for logs
    friend bool operator==(const PostgresDatabase&, const PostgresDatabase&) = default;
};

/// How a PostgreSQL database is used.
struct Postgresql {
    std::uint32_t connections = 8;        // open at once, of this process; one more listens for changes
    Duration connect_timeout{3'000};      // per host
    Duration timeout{5'000};              // of one piece of work, waiting for a connection included
    std::optional<base::Secret> listen{}; // the server itself, when database leads to a pooler
    friend bool operator==(const Postgresql&, const Postgresql&) = default;
};

struct Storage {
    std::variant<SqliteDatabase, PostgresDatabase> database{SqliteDatabase{}};
    std::optional<base::Secret> redis{};       // the URL; absent: cache and limits live in the process
    Duration redis_timeout{100};               // from a command to its reply
    std::string redis_certificate_authority{}; // PEM file for rediss://; empty: the system's
    std::string journal = "./data/journal";
    bool migrate = true;
    Postgresql postgresql{};
    bool is_embedded() const { return std::holds_alternative<SqliteDatabase>(database); }
    friend bool operator==(const Storage&, const Storage&) = default;
};

struct Accounts {
    Registration registration = Registration::open;
    base::Secret session_secret{}; // empty: one is made at start and sessions end with the process
    std::vector<base::Secret>
        older_session_secrets{}; // the rest of a list: accepted, but none is signed with
    Duration session_time{std::chrono::hours(12)};
    std::uint32_t concurrency = 5; // calls in flight per account; 0: no limit
    friend bool operator==(const Accounts&, const Accounts&) = default;
};

struct Keys {
    Duration cache_time{std::chrono::minutes(5)};
    Duration negative_cache_time{5'000};
    std::uint32_t cache_entries = 100'000; // per worker
    std::uint32_t default_rate_limit = 60; // requests in any 60 s
    std::uint32_t max_rate_limit = 10'000;
    friend bool operator==(const Keys&, const Keys&) = default;
};

/// What becomes of a call whose model has no price, on a key with a budget.
struct Unpriced {
    std::optional<base::Money> floor{}; // charged per request; absent: refuse
    friend bool operator==(const Unpriced&, const Unpriced&) = default;
};

struct Billing {
    std::string currency = "INR"; // ISO 4217
    std::string time_zone = "Asia/Kolkata";
    base::Decimal usd_rate{88, 0}; // ledger currency for one US dollar
    base::Decimal buffer{5, 2};    // 0.05: added for movements of the exchange rate
    base::Decimal markup{5, 2};
    std::string prices = "config/prices.json";
    std::string price_overrides = "{}"; // JSON object, model → fields of the price file; numbers as written
    Unpriced unpriced{};
    bool wallet = false;
    Duration reserve_wait{2'000};
    std::uint32_t stream_slice = 4'096; // tokens of a stream's output set aside at a time; 0: all at once
    friend bool operator==(const Billing&, const Billing&) = default;
};

struct Provider {
    struct Timeouts {
        Duration connect{5'000};
        Duration first_byte{120'000};
        Duration idle{60'000};
        Duration total{std::chrono::minutes(15)};
        friend bool operator==(const Timeouts&, const Timeouts&) = default;
    };
    struct Breaker {
        std::uint32_t failures = 5; // in a row; 0 switches the breaker off
        Duration open_time{30'000};
        friend bool operator==(const Breaker&, const Breaker&) = default;
    };
    Protocol protocol = Protocol::openai;
    base::Url base_url{};
    std::vector<base::Secret> keys{};
    std::string certificate_authority{}; // PEM file; empty: the system's
    Timeouts timeouts{};
    std::uint32_t attempts = 3;      // of one call at this provider, the first included
    std::uint32_t connections = 512; // open at once, per worker
    bool keep_alive = true;          // use a connection for the next call too
    Breaker breaker{};
    friend bool operator==(const Provider&, const Provider&) = default;
};

struct Routing {
    std::map<std::string, std::string> aliases{};                // name → provider/model
    std::map<std::string, std::vector<std::string>> fallbacks{}; // provider/model → further targets, in order
    std::optional<std::string> pool{};                           // provider for names nothing else claims
    friend bool operator==(const Routing&, const Routing&) = default;
};

struct Usage {
    bool add_cost = true;
    std::uint32_t retention_days = 400;
    friend bool operator==(const Usage&, const Usage&) = default;
};

struct Telemetry {
    LogLevel log_level = LogLevel::info;
    LogFormat log_format = LogFormat::automatic;
    AccessLog access_log = AccessLog::all;
    std::optional<ListenAddress> metrics_listen{{.host = "127.0.0.1", .port = 9464}}; // absent: none
    friend bool operator==(const Telemetry&, const Telemetry&) = default;
};

struct Config {
    Server server{};
    Storage storage{};
    Accounts accounts{};
    Keys keys{};
    Billing billing{};
    std::map<std::string, Provider> providers{}; // by name; empty here, see default_config()
    Routing routing{};
    Usage usage{};
    Telemetry telemetry{};
    friend bool operator==(const Config&, const Config&) = default;
};

} // namespace tollgate::config
