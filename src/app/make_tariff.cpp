#include "app/make_tariff.hpp"

#include "tollgate/config/price_file.hpp"
#include "tollgate/telemetry/log.hpp"

#include <unistd.h>

#include <array>
#include <filesystem>
#include <utility>

namespace tollgate::app {

namespace {

std::string host_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data())
                                                            : std::string("localhost");
}

base::Result<domain::PriceBook> load_book(const config::Billing& billing) {
    const bool is_default = billing.prices == config::Billing().prices;
    if (is_default && !std::filesystem::exists(billing.prices)) {
        telemetry::log_warn("no price list: keys with a budget can use no model",
                            {{"file", std::string_view(billing.prices)}});
        auto only_overrides = config::read_prices("{}", billing.price_overrides);
        if (!only_overrides) return std::unexpected(only_overrides.error());
        return std::move(only_overrides->book);
    }
    auto list = config::load_prices(billing.prices, billing.price_overrides);
    if (!list) return std::unexpected(list.error());
    for (const config::PriceNote& fault : list->faults) {
        telemetry::log_warn(
            "an entry of the price list cannot be read",
            {{"model", std::string_view(fault.key)}, {"fault", std::string_view(fault.text)}});
    }
    telemetry::log_info("prices loaded", {{"version", std::string_view(list->book.version())},
                                          {"models", list->models},
                                          {"priced", list->priced}});
    return std::move(list->book);
}

} // namespace

base::Result<gateway::Tariff> make_tariff(const config::Config& config) {
    const config::Billing& billing = config.billing;
    auto book = load_book(billing);
    if (!book) return std::unexpected(book.error());
    const auto terms = domain::Terms::of(billing.usd_rate, billing.buffer, billing.markup);
    if (!terms) return std::unexpected(terms.error());
    const auto zone = base::TimeZone::load(billing.time_zone);
    if (!zone) return std::unexpected(zone.error());
    gateway::Tariff tariff;
    tariff.book = std::move(*book);
    tariff.terms = *terms;
    tariff.zone = *zone;
    tariff.unpriced_floor = billing.unpriced.floor;
    tariff.wallet = billing.wallet ? domain::WalletUse::charged : domain::WalletUse::none;
    tariff.cost_in_answer =
        config.usage.add_cost ? gateway::CostInAnswer::add : gateway::CostInAnswer::leave_out;
    tariff.reserve_wait = billing.reserve_wait;
    tariff.slice.tokens = billing.stream_slice;
    tariff.currency = billing.currency;
    tariff.usd_rate = to_string(billing.usd_rate);
    tariff.node = host_name();
    return tariff;
}

} // namespace tollgate::app
