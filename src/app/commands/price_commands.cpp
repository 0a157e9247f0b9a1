#include "app/commands/commands.hpp"
#include "app/table.hpp"
#include "tollgate/config/price_file.hpp"
#include "tollgate/domain/price_sheet.hpp"

#include <nlohmann/json.hpp>

namespace tollgate::app {

namespace {

struct ShowOptions : CommonOptions {
    std::string model{};
};

base::Result<config::PriceList> load_list(const config::Config& config) {
    return config::load_prices(config.billing.prices, config.billing.price_overrides);
}

base::Result<domain::Terms> terms_of(const config::Billing& billing) {
    return domain::Terms::of(billing.usd_rate, billing.buffer, billing.markup);
}

nlohmann::ordered_json to_json(const std::vector<config::PriceNote>& notes) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& note : notes) list.push_back({{"key", note.key}, {"message", note.text}});
    return list;
}

void print_notes(std::ostream& out, std::string_view title, const std::vector<config::PriceNote>& notes) {
    if (notes.empty()) return;
    out << '\n' << title << '\n';
    for (const auto& note : notes) out << "  " << printable(note.key) << ": " << printable(note.text) << '\n';
}

base::Result<void> check_prices(const CommonOptions& options, Terminal& terminal) {
    const auto config = load_config(options, terminal);
    if (!config) return base::fail(config.error());
    const auto list = load_list(*config);
    if (!list) return base::fail(list.error());
    const auto terms = terms_of(config->billing);
    if (!terms) return base::fail(terms.error());
    if (options.json) {
        const nlohmann::ordered_json result = {{"version", list->book.version()},
                                               {"models", list->models},
                                               {"priced", list->priced},
                                               {"faults", to_json(list->faults)},
                                               {"unpriced", to_json(list->unpriced)}};
        terminal.out << result.dump() << '\n';
    } else {
        terminal.out << config->billing.prices << ": " << list->models << " models, " << list->priced
                     << " priced, version " << list->book.version() << '\n';
        print_notes(terminal.out, "Faults:", list->faults);
        print_notes(terminal.out, "Without a price:", list->unpriced);
    }
    if (list->faults.empty()) return {};
    // The faults are the result and were printed; the exit code is all that is left to say.
    return base::reject(base::ErrorCode::invalid_configuration, {});
}

/// The entries that a person can mean by "gpt-4o" or "openai/gpt-4o".
std::vector<const domain::PriceEntry*> find_entries(const domain::PriceBook& book, const std::string& name) {
    std::vector<const domain::PriceEntry*> found;
    for (const auto& entry : book.entries()) {
        const std::string full = entry.provider.empty() ? entry.model : entry.provider + "/" + entry.model;
        if (name == entry.model || name == full) found.push_back(&entry);
    }
    return found;
}

std::string units_of(const domain::PricePoint& point) {
    return point.units == 1 ? "1" : "1M tokens";
}

nlohmann::ordered_json to_json(const domain::PriceEntry& entry, const domain::Terms& terms) {
    auto points = nlohmann::ordered_json::array();
    for (const auto& point : domain::price_points(entry.price, terms)) {
        points.push_back({{"kind", point.kind},
                          {"above", point.above},
                          {"units", point.units},
                          {"usd", point.dollars},
                          {"charged", base::to_string(point.charged)}});
    }
    return {{"provider", entry.provider},  {"model", entry.model},
            {"mode", entry.price.mode},    {"priced", entry.price.is_priced()},
            {"free", entry.price.is_free}, {"prices", std::move(points)}};
}

void print_entry(std::ostream& out, const domain::PriceEntry& entry, const config::Billing& billing,
                 const domain::Terms& terms) {
    const std::string provider = entry.provider.empty() ? "any provider" : entry.provider;
    out << printable(entry.model) << " (" << printable(provider) << ", " << printable(entry.price.mode)
        << ")";
    if (!entry.price.is_priced() || entry.price.is_free) {
        out << (entry.price.is_free ? ": free\n" : ": no price\n");
        return;
    }
    out << '\n';
    Table table({"KIND", "PROMPT ABOVE", "FOR", "USD", billing.currency});
    for (const auto& point : domain::price_points(entry.price, terms)) {
        table.add({std::string(point.kind), point.above == 0 ? "-" : std::to_string(point.above),
                   units_of(point), point.dollars, base::to_string(point.charged)});
    }
    table.print(out);
}

base::Result<void> show_price(const ShowOptions& options, Terminal& terminal) {
    const auto config = load_config(options, terminal);
    if (!config) return base::fail(config.error());
    const auto list = load_list(*config);
    if (!list) return base::fail(list.error());
    const auto terms = terms_of(config->billing);
    if (!terms) return base::fail(terms.error());
    const auto entries = find_entries(list->book, options.model);
    if (entries.empty()) {
        return base::reject(base::ErrorCode::not_found, "no model '" + options.model + "' in the price list");
    }
    auto json = nlohmann::ordered_json::array();
    for (const auto* entry : entries) {
        if (options.json) {
            json.push_back(to_json(*entry, *terms));
        } else {
            if (entry != entries.front()) terminal.out << '\n';
            print_entry(terminal.out, *entry, config->billing, *terms);
        }
    }
    if (options.json) terminal.out << json.dump() << '\n';
    return {};
}

} // namespace

void add_price_commands(CLI::App& program, Action& chosen) {
    auto* prices = program.add_subcommand("prices", "Look at the price list");
    prices->require_subcommand(1);
    prices->footer("Example:\n  tollgate prices show gpt-4o-mini");

    auto* check =
        prices->add_subcommand("check", "Read the price list; print its faults and what has no price");
    auto& check_options = set_work(*check, chosen, check_prices);
    add_config_option(*check, check_options);
    add_json_option(*check, check_options);
    check->footer("Example:\n  tollgate prices check --config /etc/tollgate/config.yaml\n\n"
                  "Exits with 2 when there is a fault.");

    auto* show = prices->add_subcommand("show", "Print what a model costs, in dollars and as charged");
    auto& show_options = set_work(*show, chosen, show_price);
    show->add_option("MODEL", show_options.model, "A model, or provider/model")->required();
    add_config_option(*show, show_options);
    add_json_option(*show, show_options);
    show->footer("Example:\n  tollgate prices show openai/gpt-4o-mini");
}

} // namespace tollgate::app
