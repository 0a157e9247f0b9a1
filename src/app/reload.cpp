#include "app/reload.hpp"

namespace tollgate::app {

namespace {

/// Is TLS on in both or off in both? Which files is a matter of a reload, whether at all is one of sockets.
bool same_scheme(const config::Server& left, const config::Server& right) {
    return left.tls.is_on() == right.tls.is_on();
}

} // namespace

config::Config reloaded(const config::Config& running, const config::Config& read) {
    config::Config next = running;
    if (same_scheme(running.server, read.server)) next.server.tls = read.server.tls;
    next.billing = read.billing;
    next.billing.currency = running.billing.currency;
    next.billing.time_zone = running.billing.time_zone;
    next.billing.wallet = running.billing.wallet;
    next.providers = read.providers;
    next.routing = read.routing;
    next.usage.add_cost = read.usage.add_cost;
    next.telemetry.log_level = read.telemetry.log_level;
    return next;
}

std::vector<std::string> settings_for_restart(const config::Config& running, const config::Config& read) {
    std::vector<std::string> names;
    const auto compare = [&names](const auto& left, const auto& right, const char* name) {
        if (!(left == right)) names.emplace_back(name);
    };
    compare(running.server.listen, read.server.listen, "server.listen");
    compare(running.server.workers, read.server.workers, "server.workers");
    compare(running.server.tls.is_on(), read.server.tls.is_on(), "server.tls");
    compare(running.server.trusted_proxies, read.server.trusted_proxies, "server.trusted_proxies");
    compare(running.server.drain_timeout, read.server.drain_timeout, "server.drain_timeout");
    compare(running.server.limits, read.server.limits, "server.limits");
    compare(running.storage, read.storage, "storage");
    compare(running.accounts, read.accounts, "accounts");
    compare(running.keys, read.keys, "keys");
    compare(running.billing.currency, read.billing.currency, "billing.currency");
    compare(running.billing.time_zone, read.billing.time_zone, "billing.time_zone");
    compare(running.billing.wallet, read.billing.wallet, "billing.wallet");
    compare(running.usage.retention_days, read.usage.retention_days, "usage.retention_days");
    compare(running.telemetry.log_format, read.telemetry.log_format, "telemetry.log_format");
    compare(running.telemetry.access_log, read.telemetry.access_log, "telemetry.access_log");
    compare(running.telemetry.metrics_listen, read.telemetry.metrics_listen, "telemetry.metrics_listen");
    return names;
}

} // namespace tollgate::app
