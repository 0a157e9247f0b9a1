#include "app/commands/commands.hpp"
#include "app/commands/usage_range.hpp"
#include "app/rerate.hpp"
#include "app/table.hpp"
#include "tollgate/config/price_file.hpp"

#include <nlohmann/json.hpp>

namespace tollgate::app {

namespace {

using Json = nlohmann::ordered_json;

struct RerateOptions {
    RangeOptions range{};
    std::string model{};
    std::string provider{};
    std::string prices{};
    std::string rate{};
    std::string note{};
    bool beyond_bound = false;
    bool apply = false;
};

base::Result<void> check_range(const RerateOptions& options) {
    if (!options.range.is_everything() || !options.model.empty() || !options.provider.empty()) return {};
    return base::reject(base::ErrorCode::invalid_field,
                        "say which calls: --from, --to, --model, --provider, --key or --user");
}

base::Result<void> add_events(const UsageRange& range, Rerate& rerate) {
    const auto times = times_of(range);
    if (!times) return base::fail(times.error());
    ports::EventQuery query{.filter = range.filter, .times = *times, .limit = 1000};
    do {
        const auto page = range.storage->ledger().events(query);
        if (!page) return base::fail(page.error());
        for (const domain::UsageEvent& event : page->events) {
            if (auto added = rerate.add(event); !added) {
                added.error().message = "call " + event.request_id.text() + ": " + added.error().message;
                return added;
            }
        }
        query.after = page->next;
    } while (query.after);
    return {};
}

std::string signed_text(base::Money money) {
    return (money > base::Money() ? "+" : "") + base::to_string(money);
}

std::vector<std::string> row(const std::string& name, const ModelDifference& sums) {
    return {printable(name),
            std::to_string(sums.events),
            std::to_string(sums.changed),
            base::to_string(sums.before),
            base::to_string(sums.after),
            signed_text(sums.after - sums.before)};
}

void print_left(std::ostream& out, std::size_t count, std::string_view why) {
    if (count > 0) out << count << " calls " << why << '\n';
}

void print_table(const Rerate& rerate, const std::string& currency, std::ostream& out) {
    Table table({"MODEL", "EVENTS", "CHANGED", "OLD " + currency, "NEW " + currency, "DIFFERENCE"});
    for (const auto& [model, sums] : rerate.models()) table.add(row(model, sums));
    table.add(row("all", rerate.total()));
    table.print(out);
    print_left(out, rerate.left().unpriced, "keep their cost: the price list has none for their model");
    print_left(out, rerate.left().other_currency, "keep their cost: they were charged in another currency");
    print_left(out, rerate.left().unknown_usage,
               "keep their cost: a crash cut them off before anything was metered");
    print_left(out, rerate.held_at_bound(),
               "go no further than what had been set aside for them; --beyond-bound lifts that");
}

Json to_json(const ModelDifference& sums) {
    return {{"events", sums.events},
            {"changed", sums.changed},
            {"old", base::to_string(sums.before)},
            {"new", base::to_string(sums.after)},
            {"difference", base::to_string(sums.after - sums.before)}};
}

Json to_json(const Rerate& rerate) {
    Json models = Json::array();
    for (const auto& [model, sums] : rerate.models()) {
        Json entry = to_json(sums);
        entry["model"] = model;
        models.push_back(std::move(entry));
    }
    return {{"models", std::move(models)},
            {"all", to_json(rerate.total())},
            {"held_at_bound", rerate.held_at_bound()},
            {"kept",
             {{"unpriced", rerate.left().unpriced},
              {"other_currency", rerate.left().other_currency},
              {"unknown_usage", rerate.left().unknown_usage}}}};
}

void print(const Rerate& rerate, const UsageRange& range, const RerateOptions& options, std::ostream& out) {
    const std::string& currency = range.config.billing.currency;
    if (options.range.common.json) {
        Json printed = to_json(rerate);
        printed["currency"] = currency;
        printed["applied"] = options.apply;
        out << printed.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
        return;
    }
    print_table(rerate, currency, out);
    out << (options.apply ? "written\n" : "nothing was written; --apply writes it\n");
}

base::Result<void> apply(const Rerate& rerate, const domain::Repricing& terms, ports::Ledger& ledger) {
    if (rerate.corrections().empty()) return {};
    domain::Repricing repricing = terms;
    repricing.corrections = rerate.corrections();
    const auto corrected = ledger.correct(repricing);
    if (!corrected) return base::fail(corrected.error());
    return {};
}

base::Result<std::optional<base::Decimal>> read_rate(const std::string& text) {
    if (text.empty()) return std::nullopt;
    const auto number = base::Decimal::parse(text);
    if (!number) return base::fail(number.error());
    return *number;
}

base::Result<void> rerate_calls(const RerateOptions& options, Terminal& terminal) {
    if (const auto checked = check_range(options); !checked) return checked;
    const auto rate = read_rate(options.rate);
    if (!rate) return base::fail(rate.error());
    auto range = open_range(options.range, terminal);
    if (!range) return base::fail(std::move(range.error()));
    if (!options.model.empty()) range->filter.model = options.model;
    if (!options.provider.empty()) range->filter.provider = options.provider;
    const config::Billing& billing = range->config.billing;
    const std::string& file = options.prices.empty() ? billing.prices : options.prices;
    const auto list = config::load_prices(file, billing.price_overrides);
    if (!list) return base::fail(list.error());
    Rerate rerate({.book = list->book,
                   .billing = billing,
                   .rate = *rate,
                   .ceiling = options.beyond_bound ? Ceiling::none : Ceiling::bound});
    if (const auto added = add_events(*range, rerate); !added) return added;
    if (options.apply) {
        const domain::Repricing terms{
            .at = terminal.now, .price_version = list->book.version(), .note = options.note};
        if (const auto applied = apply(rerate, terms, range->storage->ledger()); !applied) return applied;
    }
    print(rerate, *range, options, terminal.out);
    return {};
}

} // namespace

void add_rerate_command(CLI::App& usage, Action& chosen) {
    auto* command = usage.add_subcommand(
        "rerate", "Price past calls again, after a wrong price or rate; shows what would change");
    auto& options = set_work(*command, chosen, rerate_calls);
    add_range_options(*command, options.range);
    command->add_option("--model", options.model, "As the provider knows it")->type_name("MODEL");
    command->add_option("--provider", options.provider, "Of one provider")->type_name("PROVIDER");
    command->add_option("--prices", options.prices, "Price list; default billing.prices")->type_name("FILE");
    command
        ->add_option("--usd-rate", options.rate,
                     "Ledger currency for one US dollar; default the rate that each call was charged by")
        ->type_name("RATE");
    command->add_flag("--beyond-bound", options.beyond_bound,
                      "Let a call cost more than had been set aside for it");
    command->add_flag("--apply", options.apply, "Write it, in one transaction");
    command->add_option("--note", options.note, "Kept with the corrections")->type_name("TEXT");
    add_json_option(*command, options.range.common);
    command->footer(
        "Buffer, markup and price overrides are those of the configuration. What a wallet was charged too\n"
        "much goes back to its lots; what was charged before stays on file (docs/money.md).\n\nExample:\n"
        "  tollgate usage rerate --model gpt-4o --from 2026-11-01 --to 2026-11-30 --prices corrected.json");
}

} // namespace tollgate::app
