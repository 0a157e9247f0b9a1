#include "config/read_settings.hpp"

#include <algorithm>

namespace tollgate::config {

namespace {

void validate_server(const Config& config, Reading& reading) {
    const Server& server = config.server;
    if (server.listen.empty()) reading.complain("server.listen", "needs at least one address");
    for (std::size_t i = 0; i < server.listen.size(); ++i) {
        const ListenAddress& address = server.listen[i];
        if (!address.is_unix() && address.port == 0) continue;
        const std::string path = "server.listen[" + std::to_string(i) + "]";
        const auto earlier = std::span(server.listen).first(i);
        if (std::ranges::find(earlier, address) != earlier.end()) reading.complain(path, "is listed twice");
        if (config.telemetry.metrics_listen == address) {
            reading.complain("telemetry.metrics_listen", "is an address of server.listen");
        }
    }
    if (server.tls.certificate.empty() != server.tls.private_key.empty()) {
        reading.complain("server.tls", "needs certificate and private_key, or neither");
    }
    for (std::size_t i = 0; i < server.trusted_proxies.size(); ++i) {
        const auto complaint = check_address_block(server.trusted_proxies[i]);
        if (complaint) reading.complain("server.trusted_proxies[" + std::to_string(i) + "]", *complaint);
    }
}

void validate_storage(const Storage& storage, Reading& reading) {
    if (storage.redis && storage.is_embedded()) {
        reading.complain("storage.redis",
                         "needs a postgresql database: SQLite serves one node, which keeps its "
                         "limits in the process");
    }
}

void validate_accounts(const Accounts& accounts, Reading& reading) {
    constexpr std::size_t least_secret = 16;
    const auto check = [&reading](const base::Secret& secret) {
        if (secret.expose().size() >= least_secret) return;
        reading.complain("accounts.session_secret", "needs at least 16 characters, better 32 random ones");
    };
    if (!accounts.session_secret.empty()) check(accounts.session_secret);
    for (const base::Secret& older : accounts.older_session_secrets) check(older);
}

void validate_keys(const Keys& keys, Reading& reading) {
    if (keys.default_rate_limit > keys.max_rate_limit) {
        reading.complain("keys.default_rate_limit",
                         "is above keys.max_rate_limit, which is " + std::to_string(keys.max_rate_limit));
    }
}

void validate_provider(const std::string& name, const Provider& provider, Reading& reading) {
    const std::string path = "providers." + name + ".timeouts.";
    const Provider::Timeouts& timeouts = provider.timeouts;
    for (const auto& [setting, value] :
         {std::pair{"connect", timeouts.connect}, std::pair{"first_byte", timeouts.first_byte}}) {
        if (value > timeouts.total) {
            reading.complain(path + setting,
                             "is longer than " + path + "total, which is " + text_of(timeouts.total));
        }
    }
}

/// `target` is PROVIDER/MODEL with a provider that exists.
void validate_target(const std::string& target, const std::set<std::string>& declared,
                     const std::string& path, Reading& reading) {
    const auto slash = target.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == target.size()) {
        reading.complain(path, "must be written provider/model");
        return;
    }
    const std::string provider = target.substr(0, slash);
    if (!declared.contains(provider)) reading.complain(path, "there is no provider '" + provider + "'");
}

void validate_routing(const Routing& routing, const std::set<std::string>& declared, Reading& reading) {
    for (const auto& [name, target] : routing.aliases) {
        if (!target.empty()) validate_target(target, declared, "routing.aliases." + name, reading);
    }
    for (const auto& [name, targets] : routing.fallbacks) {
        const std::string path = "routing.fallbacks." + name;
        validate_target(name, declared, path, reading);
        for (std::size_t i = 0; i < targets.size(); ++i) {
            validate_target(targets[i], declared, path + "[" + std::to_string(i) + "]", reading);
        }
    }
    if (routing.pool && !declared.contains(*routing.pool)) {
        reading.complain("routing.pool", "there is no provider '" + *routing.pool + "'");
    }
}

} // namespace

void validate(const Config& config, const std::set<std::string>& declared, Reading& reading) {
    validate_server(config, reading);
    validate_storage(config.storage, reading);
    validate_accounts(config.accounts, reading);
    validate_keys(config.keys, reading);
    for (const auto& [name, provider] : config.providers) validate_provider(name, provider, reading);
    validate_routing(config.routing, declared, reading);
}

} // namespace tollgate::config
