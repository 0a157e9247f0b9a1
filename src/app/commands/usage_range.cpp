#include "app/commands/usage_range.hpp"

#include "app/find_by_reference.hpp"
#include "app/open_storage.hpp"
#include "tollgate/base/time_zone.hpp"
#include "tollgate/domain/purse.hpp"

#include <utility>

namespace tollgate::app {

namespace {

base::Result<std::optional<std::chrono::local_days>> read_day(const std::string& text) {
    if (text.empty()) return std::nullopt;
    const auto day = domain::parse_day(text);
    if (!day) return base::fail(day.error());
    return *day;
}

base::Result<void> read_filter(const RangeOptions& options, UsageRange& range) {
    if (!options.key.empty()) {
        const auto key = find_key(range.storage->keys(), options.key);
        if (!key) return base::fail(key.error());
        range.filter.key_id = key->id;
    }
    if (!options.user.empty()) {
        const auto account = find_account(range.storage->accounts(), options.user);
        if (!account) return base::fail(account.error());
        range.filter.account_id = account->id;
    }
    return {};
}

} // namespace

base::Result<UsageRange> open_range(const RangeOptions& options, const Terminal& terminal) {
    UsageRange range;
    const auto first = read_day(options.from);
    if (!first) return base::fail(first.error());
    const auto last = read_day(options.to);
    if (!last) return base::fail(last.error());
    range.days = {.first = *first, .last = *last};
    auto config = load_config(options.common, terminal);
    if (!config) return base::fail(std::move(config.error()));
    range.config = std::move(*config);
    auto opened = open_storage(range.config.storage);
    if (!opened) return base::fail(std::move(opened.error()));
    range.storage = std::move(*opened);
    if (const auto read = read_filter(options, range); !read) return base::fail(read.error());
    return range;
}

base::Result<ports::TimeRange> times_of(const UsageRange& range) {
    const auto zone = base::TimeZone::load(range.config.billing.time_zone);
    if (!zone) return base::fail(zone.error());
    ports::TimeRange times;
    if (range.days.first) times.from = zone->start_of(*range.days.first);
    if (range.days.last) times.until = zone->start_of(*range.days.last + std::chrono::days(1));
    return times;
}

void add_range_options(CLI::App& command, RangeOptions& options) {
    command.add_option("--from", options.from, "First day, in billing.time_zone")->type_name("YYYY-MM-DD");
    command.add_option("--to", options.to, "Last day, included")->type_name("YYYY-MM-DD");
    command.add_option("--key", options.key, "Of one key: id or name")->type_name("KEY");
    command.add_option("--user", options.user, "Of one account: e-mail address or id")->type_name("USER");
    add_config_option(command, options.common);
}

} // namespace tollgate::app
