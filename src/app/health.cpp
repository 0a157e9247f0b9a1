#include "app/health.hpp"

#include "tollgate/http/error_response.hpp"
#include "tollgate/http/exchange.hpp"

namespace tollgate::app {

std::string_view to_string(RedisState state) {
    switch (state) {
    case RedisState::not_configured: return "not configured";
    case RedisState::ok: return "ok";
    case RedisState::rebuilding: return "rebuilding";
    case RedisState::local: return "counting locally";
    case RedisState::unreachable: return "unreachable";
    case RedisState::refused: return "refuses our configuration";
    }
    return "unknown";
}

bool Health::is_ready() const {
    // Without the database, keys that are known go on and the journal keeps what they cost: taking every node
    // out of the load balancer would make an outage of it.
    return journal_.load(std::memory_order_relaxed) &&
           redis_.load(std::memory_order_relaxed) != RedisState::refused &&
           !draining_.load(std::memory_order_relaxed);
}

std::string Health::body() const {
    const bool journal = journal_.load(std::memory_order_relaxed);
    const bool database = database_.load(std::memory_order_relaxed);
    const bool draining = draining_.load(std::memory_order_relaxed);
    const RedisState redis = redis_.load(std::memory_order_relaxed);
    const bool is_redis_fine = redis == RedisState::ok || redis == RedisState::not_configured;
    std::string body = "{\"status\":\"";
    body += !is_ready() ? "unavailable" : database && is_redis_fine ? "ready" : "degraded";
    body += "\",\"database\":\"";
    body += database ? "ok" : "unreachable";
    body += "\",\"journal\":\"";
    body += journal ? "ok" : "not writable";
    body += "\",\"redis\":\"";
    body += to_string(redis);
    body += "\",\"draining\":";
    body += draining ? "true}" : "false}";
    return body;
}

std::map<std::string, std::string> Health::parts() const {
    std::map<std::string, std::string> parts = {
        {"database", database_.load(std::memory_order_relaxed) ? "ok" : "unreachable"},
        {"journal", journal_.load(std::memory_order_relaxed) ? "ok" : "not writable"},
        {"draining", draining_.load(std::memory_order_relaxed) ? "true" : "false"}};
    const RedisState redis = redis_.load(std::memory_order_relaxed);
    if (redis != RedisState::not_configured) parts["redis"] = to_string(redis);
    return parts;
}

bool Health::serves(std::string_view path) {
    return path == "/health" || path == "/health/live" || path == "/health/ready";
}

runtime::Task<> Health::serve(http::Exchange& exchange) const {
    const std::string_view method = exchange.head().method;
    int status = 200;
    std::string answer = R"({"status":"ok"})";
    if (method != "GET" && method != "HEAD") {
        const base::Error error{.code = base::ErrorCode::method_not_allowed,
                                .source = base::ErrorSource::client,
                                .message = "health endpoints take GET"};
        status = http::status_of(error.code);
        exchange.responder().add_field("allow", "GET, HEAD");
        answer = http::error_body(error);
    } else if (exchange.head().path == "/health/ready") {
        status = is_ready() ? 200 : 503;
        answer = body();
    }
    const auto sent = co_await exchange.responder().send(status, "application/json", answer);
    static_cast<void>(sent);
}

} // namespace tollgate::app
