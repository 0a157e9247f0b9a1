#include "app/make_snapshot.hpp"

#include "app/make_tariff.hpp"
#include "tollgate/dashboard/dashboard.hpp"
#include "tollgate/runtime/tls_client.hpp"

#include <algorithm>
#include <utility>

namespace tollgate::app {

namespace {

base::Result<upstream::Provider> make_provider(const std::string& name, const config::Provider& settings) {
    upstream::Provider provider;
    provider.name = name;
    provider.host = settings.base_url.host;
    provider.port = settings.base_url.port;
    provider.host_field = settings.base_url.authority();
    provider.base_path = settings.base_url.path;
    provider.keys = settings.keys;
    provider.timeouts = {settings.timeouts.connect, settings.timeouts.first_byte, settings.timeouts.idle,
                         settings.timeouts.total};
    provider.attempts = settings.attempts;
    provider.connections = settings.connections;
    provider.keep_alive = settings.keep_alive;
    provider.breaker_failures = settings.breaker.failures;
    provider.breaker_open_time = settings.breaker.open_time;
    if (settings.base_url.scheme == base::UrlScheme::http) return provider;
    auto tls = runtime::make_tls_client(settings.certificate_authority);
    if (!tls) return std::unexpected(tls.error());
    provider.tls = std::move(*tls);
    return provider;
}

domain::RoutingRules routing_rules(const config::Config& config) {
    domain::RoutingRules rules;
    for (const auto& [name, provider] : config.providers) rules.providers.push_back(name);
    rules.aliases.insert(config.routing.aliases.begin(), config.routing.aliases.end());
    rules.fallbacks.insert(config.routing.fallbacks.begin(), config.routing.fallbacks.end());
    rules.pool = config.routing.pool;
    return rules;
}

bool is_configured(const domain::Router& router, std::string_view provider) {
    return std::ranges::find(router.rules().providers, provider) != router.rules().providers.end();
}

/// What the price list names at a configured provider, and the aliases.
domain::Catalogue make_catalogue(const domain::Router& router, const domain::PriceBook& book) {
    domain::Catalogue catalogue;
    for (const domain::PriceEntry& entry : book.entries()) {
        if (is_configured(router, entry.provider))
            catalogue.models.push_back({entry.provider + "/" + entry.model, entry.provider, 0});
    }
    for (const auto& [alias, target] : router.rules().aliases) {
        const auto route = router.route(alias);
        if (route)
            catalogue.models.push_back({alias, router.rules().providers[route->targets.front().provider], 0});
    }
    std::ranges::sort(catalogue.models, {}, &domain::CatalogueModel::id);
    return catalogue;
}

} // namespace

telemetry::MetricLabels metric_labels(const config::Config& config) {
    telemetry::MetricLabels labels;
    for (const auto endpoint :
         {domain::Endpoint::chat_completions, domain::Endpoint::completions, domain::Endpoint::embeddings}) {
        labels.endpoints.emplace_back(domain::to_string(endpoint));
    }
    for (const auto& [name, provider] : config.providers) labels.providers.push_back(name);
    labels.routes = dashboard::route_labels();
    return labels;
}

base::Result<std::shared_ptr<const gateway::GatewaySnapshot>>
make_snapshot(const config::Config& config, const telemetry::MetricLabels& labels) {
    std::vector<upstream::Provider> providers;
    for (const auto& [name, settings] : config.providers) {
        auto provider = make_provider(name, settings);
        if (!provider) return std::unexpected(provider.error());
        const auto counted = std::ranges::find(labels.providers, name);
        if (counted != labels.providers.end())
            provider->metric = static_cast<std::size_t>(counted - labels.providers.begin());
        providers.push_back(std::move(*provider));
    }
    auto tariff = make_tariff(config);
    if (!tariff) return std::unexpected(tariff.error());
    domain::Router router(routing_rules(config));
    domain::Catalogue catalogue = make_catalogue(router, tariff->book);
    gateway::GatewaySnapshot snapshot{std::move(providers), std::move(router), std::move(catalogue),
                                      std::move(*tariff)};
    return std::make_shared<const gateway::GatewaySnapshot>(std::move(snapshot));
}

gateway::GatewaySettings gateway_settings(const config::Config& config) {
    gateway::GatewaySettings settings;
    settings.key_cache_time = config.keys.cache_time;
    settings.unknown_key_cache_time = config.keys.negative_cache_time;
    settings.key_cache_entries = config.keys.cache_entries;
    settings.account_concurrency = config.accounts.concurrency;
    settings.trusted_proxies = config.server.trusted_proxies;
    return settings;
}

} // namespace tollgate::app
