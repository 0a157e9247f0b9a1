#include "app/dashboard_settings.hpp"

#include "tollgate/base/digest.hpp"

namespace tollgate::app {

namespace {

dashboard::Registration registration_of(config::Registration registration) {
    switch (registration) {
    case config::Registration::open: return dashboard::Registration::open;
    case config::Registration::invite: return dashboard::Registration::invite;
    case config::Registration::closed: return dashboard::Registration::closed;
    }
    return dashboard::Registration::closed;
}

std::vector<base::Secret> session_secrets(const config::Accounts& accounts) {
    if (accounts.session_secret.empty()) return {base::Secret(base::random_hex(32))};
    std::vector<base::Secret> secrets{accounts.session_secret};
    secrets.insert(secrets.end(), accounts.older_session_secrets.begin(),
                   accounts.older_session_secrets.end());
    return secrets;
}

} // namespace

base::Result<std::shared_ptr<const dashboard::DashboardSettings>>
dashboard_settings(const config::Config& config, std::string node) {
    const auto zone = base::TimeZone::load(config.billing.time_zone);
    if (!zone) return base::fail(zone.error());
    dashboard::DashboardSettings settings;
    settings.version = TOLLGATE_VERSION;
    settings.registration = registration_of(config.accounts.registration);
    settings.session_secrets = session_secrets(config.accounts);
    settings.session_time = std::chrono::duration_cast<std::chrono::seconds>(config.accounts.session_time);
    settings.account_concurrency = config.accounts.concurrency;
    settings.default_rate_limit = config.keys.default_rate_limit;
    settings.max_rate_limit = config.keys.max_rate_limit;
    settings.trusted_proxies = config.server.trusted_proxies;
    if (config.server.tls.is_on()) settings.transport = dashboard::Transport::tls;
    settings.currency = config.billing.currency;
    settings.time_zone = config.billing.time_zone;
    settings.zone = *zone;
    settings.usd_rate = base::to_string(config.billing.usd_rate);
    settings.buffer = base::to_string(config.billing.buffer);
    settings.markup = base::to_string(config.billing.markup);
    if (config.billing.wallet) settings.wallets = dashboard::Wallets::on;
    settings.retention_days = config.usage.retention_days;
    settings.node = std::move(node);
    return std::make_shared<const dashboard::DashboardSettings>(std::move(settings));
}

std::shared_ptr<const dashboard::ModelList> model_list(const gateway::GatewaySnapshot& snapshot) {
    return std::make_shared<const dashboard::ModelList>(
        dashboard::make_model_list({snapshot.catalogue, snapshot.tariff.book, snapshot.router,
                                    snapshot.tariff.terms, snapshot.tariff.currency}));
}

} // namespace tollgate::app
