#include "app/commands/commands.hpp"
#include "app/commands/usage_range.hpp"
#include "app/find_by_reference.hpp"
#include "app/usage_output.hpp"

namespace tollgate::app {

namespace {

struct ExportOptions {
    RangeOptions range{};
    std::string format{};
};

struct SummaryOptions {
    RangeOptions range{};
    std::string format{};
    std::string by = "key";
};

base::Result<ports::GroupBy> parse_group(const std::string& text) {
    using ports::GroupBy;
    const std::pair<const char*, GroupBy> groups[] = {{"key", GroupBy::key},
                                                      {"model", GroupBy::model},
                                                      {"provider", GroupBy::provider},
                                                      {"day", GroupBy::day},
                                                      {"user", GroupBy::account}};
    for (const auto& [name, group] : groups) {
        if (text == name) return group;
    }
    return base::reject(base::ErrorCode::invalid_field,
                        "'" + text + "' is not a group: write key, model, provider, day or user", "by");
}

base::Result<GroupNames> read_names(UsageRange& range, ports::GroupBy group) {
    GroupNames names;
    if (group == ports::GroupBy::key) {
        const auto keys = list_keys(range.storage->keys(), std::nullopt);
        if (!keys) return base::fail(keys.error());
        for (const domain::ApiKey& key : *keys) names.emplace_back(key.id.text(), key.name);
    } else if (group == ports::GroupBy::account) {
        const auto accounts = range.storage->accounts().list();
        if (!accounts) return base::fail(accounts.error());
        for (const ports::Account& account : *accounts) names.emplace_back(account.id.text(), account.email);
    }
    return names;
}

base::Result<void> summarise(const SummaryOptions& options, Terminal& terminal) {
    const auto group = parse_group(options.by);
    if (!group) return base::fail(group.error());
    const auto format = parse_usage_format(options.format);
    if (!format) return base::fail(format.error());
    auto range = open_range(options.range, terminal);
    if (!range) return base::fail(std::move(range.error()));
    const auto groups = range->storage->ledger().summary(range->filter, range->days, *group);
    if (!groups) return base::fail(groups.error());
    auto names = read_names(*range, *group);
    if (!names) return base::fail(std::move(names.error()));
    const SummaryView view{
        .group = options.by, .currency = range->config.billing.currency, .names = std::move(*names)};
    print_groups(terminal.out, *groups, view, *format);
    return {};
}

base::Result<void> export_events(const ExportOptions& options, Terminal& terminal) {
    auto format = parse_usage_format(options.format);
    if (!format) return base::fail(format.error());
    if (*format == UsageFormat::table) format = UsageFormat::csv;
    const auto range = open_range(options.range, terminal);
    if (!range) return base::fail(range.error());
    const auto times = times_of(*range);
    if (!times) return base::fail(times.error());
    ports::EventQuery query{.filter = range->filter, .times = *times, .limit = 1000};
    print_event_header(terminal.out, *format);
    do {
        const auto page = range->storage->ledger().events(query);
        if (!page) return base::fail(page.error());
        for (const domain::UsageEvent& event : page->events) print_event(terminal.out, event, *format);
        query.after = page->next;
    } while (query.after && terminal.out);
    return {};
}

void add_format(CLI::App& command, std::string& format, const std::string& usual) {
    format = usual;
    command.add_option("--format", format, "csv or jsonl; default " + usual)->type_name("FORMAT");
}

} // namespace

void add_usage_commands(CLI::App& program, Action& chosen) {
    auto* usage = program.add_subcommand("usage", "What was used and what it cost");
    usage->require_subcommand(1);
    auto* summary = usage->add_subcommand("summary", "Sums by key, model, provider, day or user");
    auto& options = set_work(*summary, chosen, summarise);
    summary->add_option("--by", options.by, "key, model, provider, day or user; default key")
        ->type_name("GROUP");
    add_range_options(*summary, options.range);
    add_format(*summary, options.format, "table");
    summary->footer("Example:\n  tollgate usage summary --by model --from 2026-11-01 --to 2026-11-30");
    auto* exporting = usage->add_subcommand("export", "Every call, newest first");
    auto& export_options = set_work(*exporting, chosen, export_events);
    add_range_options(*exporting, export_options.range);
    add_format(*exporting, export_options.format, "csv");
    exporting->footer("Example:\n  tollgate usage export --from 2026-11-01 --format jsonl > november.jsonl");
    add_rerate_command(*usage, chosen);
}

} // namespace tollgate::app
