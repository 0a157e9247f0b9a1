#include "app/commands/commands.hpp"
#include "app/find_by_reference.hpp"
#include "app/open_storage.hpp"
#include "app/usage_output.hpp"
#include "tollgate/base/time_zone.hpp"
#include "tollgate/domain/purse.hpp"

namespace tollgate::app {

namespace {

struct RangeOptions {
    CommonOptions common{};
    std::string from{};
    std::string to{};
    std::string key{};
    std::string user{};
    std::string format{};
};

struct SummaryOptions {
    RangeOptions range{};
    std::string by = "key";
};

/// What both commands read before they begin.
struct Question {
    config::Config config{};
    std::unique_ptr<ports::Storage> storage{};
    ports::UsageFilter filter{};
    ports::DayRange days{};
    UsageFormat format = UsageFormat::table;
};

base::Result<std::optional<std::chrono::local_days>> read_day(const std::string& text) {
    if (text.empty()) return std::nullopt;
    const auto day = domain::parse_day(text);
    if (!day) return base::fail(day.error());
    return *day;
}

base::Result<void> read_filter(const RangeOptions& options, Question& question) {
    if (!options.key.empty()) {
        const auto key = find_key(question.storage->keys(), options.key);
        if (!key) return base::fail(key.error());
        question.filter.key_id = key->id;
    }
    if (!options.user.empty()) {
        const auto account = find_account(question.storage->accounts(), options.user);
        if (!account) return base::fail(account.error());
        question.filter.account_id = account->id;
    }
    return {};
}

base::Result<Question> read_question(const RangeOptions& options, const Terminal& terminal) {
    Question question;
    const auto first = read_day(options.from);
    if (!first) return base::fail(first.error());
    const auto last = read_day(options.to);
    if (!last) return base::fail(last.error());
    question.days = {.first = *first, .last = *last};
    const auto format = parse_usage_format(options.format);
    if (!format) return base::fail(format.error());
    question.format = *format;
    auto config = load_config(options.common, terminal);
    if (!config) return base::fail(std::move(config.error()));
    question.config = std::move(*config);
    auto opened = open_storage(question.config.storage);
    if (!opened) return base::fail(std::move(opened.error()));
    question.storage = std::move(*opened);
    if (const auto read = read_filter(options, question); !read) return base::fail(read.error());
    return question;
}

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

base::Result<GroupNames> read_names(Question& question, ports::GroupBy group) {
    GroupNames names;
    if (group == ports::GroupBy::key) {
        const auto keys = list_keys(question.storage->keys(), std::nullopt);
        if (!keys) return base::fail(keys.error());
        for (const domain::ApiKey& key : *keys) names.emplace_back(key.id.text(), key.name);
    } else if (group == ports::GroupBy::account) {
        const auto accounts = question.storage->accounts().list();
        if (!accounts) return base::fail(accounts.error());
        for (const ports::Account& account : *accounts) names.emplace_back(account.id.text(), account.email);
    }
    return names;
}

base::Result<void> summarise(const SummaryOptions& options, Terminal& terminal) {
    const auto group = parse_group(options.by);
    if (!group) return base::fail(group.error());
    auto question = read_question(options.range, terminal);
    if (!question) return base::fail(std::move(question.error()));
    const auto groups = question->storage->ledger().summary(question->filter, question->days, *group);
    if (!groups) return base::fail(groups.error());
    auto names = read_names(*question, *group);
    if (!names) return base::fail(std::move(names.error()));
    const SummaryView view{
        .group = options.by, .currency = question->config.billing.currency, .names = std::move(*names)};
    print_groups(terminal.out, *groups, view, question->format);
    return {};
}

/// The instants at which the days begin and end in billing.time_zone.
base::Result<ports::TimeRange> times_of(const Question& question) {
    const auto zone = base::TimeZone::load(question.config.billing.time_zone);
    if (!zone) return base::fail(zone.error());
    ports::TimeRange times;
    if (question.days.first) times.from = zone->start_of(*question.days.first);
    if (question.days.last) times.until = zone->start_of(*question.days.last + std::chrono::days(1));
    return times;
}

base::Result<void> export_events(const RangeOptions& options, Terminal& terminal) {
    auto question = read_question(options, terminal);
    if (!question) return base::fail(std::move(question.error()));
    if (question->format == UsageFormat::table) question->format = UsageFormat::csv;
    const auto times = times_of(*question);
    if (!times) return base::fail(times.error());
    ports::EventQuery query{.filter = question->filter, .times = *times, .limit = 1000};
    print_event_header(terminal.out, question->format);
    do {
        const auto page = question->storage->ledger().events(query);
        if (!page) return base::fail(page.error());
        for (const domain::UsageEvent& event : page->events) {
            print_event(terminal.out, event, question->format);
        }
        query.after = page->next;
    } while (query.after && terminal.out);
    return {};
}

void add_range(CLI::App& command, RangeOptions& options, const std::string& format) {
    options.format = format;
    command.add_option("--from", options.from, "First day, in billing.time_zone")->type_name("YYYY-MM-DD");
    command.add_option("--to", options.to, "Last day, included")->type_name("YYYY-MM-DD");
    command.add_option("--key", options.key, "Of one key: id or name")->type_name("KEY");
    command.add_option("--user", options.user, "Of one account: e-mail address or id")->type_name("USER");
    command.add_option("--format", options.format, "csv or jsonl; default " + format)->type_name("FORMAT");
    add_config_option(command, options.common);
}

} // namespace

void add_usage_commands(CLI::App& program, Action& chosen) {
    auto* usage = program.add_subcommand("usage", "What was used and what it cost");
    usage->require_subcommand(1);
    auto* summary = usage->add_subcommand("summary", "Sums by key, model, provider, day or user");
    auto& options = set_work(*summary, chosen, summarise);
    summary->add_option("--by", options.by, "key, model, provider, day or user; default key")
        ->type_name("GROUP");
    add_range(*summary, options.range, "table");
    summary->footer("Example:\n  tollgate usage summary --by model --from 2026-11-01 --to 2026-11-30");
    auto* exporting = usage->add_subcommand("export", "Every call, newest first");
    add_range(*exporting, set_work(*exporting, chosen, export_events), "csv");
    exporting->footer("Example:\n  tollgate usage export --from 2026-11-01 --format jsonl > november.jsonl");
}

} // namespace tollgate::app
