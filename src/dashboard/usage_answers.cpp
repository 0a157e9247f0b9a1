// Sums of usage: overview, by group, over time.
#include "dashboard/answers.hpp"
#include "dashboard/usage_json.hpp"
#include "tollgate/domain/period.hpp"
#include "tollgate/domain/purse.hpp"

#include <algorithm>
#include <map>

namespace tollgate::dashboard {

namespace {

using domain::LatencySums;
using ports::GroupBy;
using ports::UsageGroup;
using std::chrono::local_days;

constexpr std::int64_t most_days = 400;
constexpr std::int64_t most_days_by_hour = 31;
constexpr std::size_t most_keys = 1000;

using Latencies = std::map<std::string, LatencySums>;

base::Result<Latencies> latencies_of(Call& call, const UsageScope& scope, GroupBy group) {
    auto found = call.parts.storage.usage_reports().latencies(scope.filter, scope.days(), group);
    if (!found) return base::fail(found.error());
    Latencies latencies;
    for (ports::GroupLatency& each : *found) latencies[each.name] = each.sums;
    return latencies;
}

Json with_latency(const ports::UsageSums& sums, const Latencies& latencies, const std::string& name) {
    static const LatencySums none{};
    const auto found = latencies.find(name);
    return to_json(sums, found == latencies.end() ? &none : &found->second);
}

constexpr std::string_view group_names[] = {"none", "account", "key", "model", "provider", "day"};
constexpr GroupBy groups[] = {GroupBy::nothing, GroupBy::account,  GroupBy::key,
                              GroupBy::model,   GroupBy::provider, GroupBy::day};

/// What people call a key or an account; else the name itself.
std::string label_of(Call& call, GroupBy group, const std::string& name) {
    if (group == GroupBy::key) {
        const auto key = call.parts.storage.keys().find(base::KeyId(name));
        if (key && *key) return (*key)->name;
    }
    if (group == GroupBy::account) {
        const auto account = call.parts.storage.accounts().find(base::AccountId(name));
        if (account && *account) return (*account)->email;
    }
    return name;
}

Json header_of(const Call& call, const UsageScope& scope) {
    return {{"from", domain::to_string(scope.first)},
            {"to", domain::to_string(scope.last)},
            {"currency", call.parts.settings.currency},
            {"time_zone", call.parts.settings.time_zone}};
}

/// Sums of the days from `first` to `last`, of days that are groups already.
struct Days {
    const std::vector<UsageGroup>& sums;
    const Latencies& latencies;

    Json between(local_days first, local_days last) const {
        ports::UsageSums total;
        LatencySums latency;
        const std::string from = domain::to_string(first);
        const std::string to = domain::to_string(last);
        for (const UsageGroup& day : sums) {
            if (day.name >= from && day.name <= to) total.add(day.sums);
        }
        for (const auto& [name, day] : latencies) {
            if (name >= from && name <= to) latency.add(day);
        }
        return to_json(total, &latency);
    }
};

/// Keys that are good now, and the sum of the monthly budgets among them.
base::Result<void> put_keys(Call& call, const UsageScope& scope, Json& body) {
    const ports::KeyFilter filter{.account_id = scope.filter.account_id,
                                  .standing = ports::KeyStanding::active,
                                  .now = call.now,
                                  .limit = most_keys};
    const auto page = call.parts.storage.keys().list(filter);
    if (!page) return base::fail(page.error());
    std::optional<base::Money> budget;
    for (const domain::ApiKey& key : page->keys) {
        if (key.policy.budget && key.policy.budget_period == domain::BudgetPeriod::monthly)
            budget = budget.value_or(base::Money()) + *key.policy.budget;
    }
    body["active_keys"] = page->keys.size();
    body["budget"] = or_null(budget);
    return {};
}

base::Result<void> put_balance(Call& call, const UsageScope& scope, Json& body) {
    body["balance"] = nullptr;
    if (call.parts.settings.wallets == Wallets::off || !scope.filter.account_id) return {};
    const auto wallet = call.parts.storage.ledger().wallet(*scope.filter.account_id, call.now);
    if (!wallet) return base::fail(wallet.error());
    body["balance"] = to_json(wallet->balance);
    return {};
}

std::string point_start(const ports::SeriesPoint& point) {
    return point.day.empty() ? base::to_rfc3339(point.hour) : point.day;
}

} // namespace

base::Result<Reply> show_overview(Call& call) {
    UsageScope scope;
    const auto account = account_in_question(call);
    if (!account) return base::fail(account.error());
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    scope.filter.account_id = *account;
    const local_days today = call.parts.settings.zone.day_at(call.now);
    const local_days monday = domain::first_day_of(domain::BudgetPeriod::weekly, today);
    const local_days first = domain::first_day_of(domain::BudgetPeriod::monthly, today);
    const local_days yesterday = today - std::chrono::days(1);
    scope.first = std::min({monday, first, yesterday});
    scope.last = today;
    const auto sums = call.parts.storage.ledger().summary(scope.filter, scope.days(), GroupBy::day);
    if (!sums) return base::fail(sums.error());
    const auto latencies = latencies_of(call, scope, GroupBy::day);
    if (!latencies) return base::fail(latencies.error());
    const Days days{*sums, *latencies};
    Json body = {
        {"currency", call.parts.settings.currency}, {"time_zone", call.parts.settings.time_zone},
        {"today", days.between(today, today)},      {"week", days.between(monday, today)},
        {"month", days.between(first, today)},      {"yesterday", days.between(yesterday, yesterday)}};
    if (auto put = put_keys(call, scope, body); !put) return base::fail(put.error());
    if (auto put = put_balance(call, scope, body); !put) return base::fail(put.error());
    return reply(body);
}

base::Result<Reply> show_summary(Call& call) {
    const auto scope = read_scope(call, most_days);
    if (!scope) return base::fail(scope.error());
    const std::size_t choice = call.query.choice("group", group_names);
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    const GroupBy group = groups[choice];
    const auto sums = call.parts.storage.ledger().summary(scope->filter, scope->days(), group);
    if (!sums) return base::fail(sums.error());
    const auto latencies = latencies_of(call, *scope, group);
    if (!latencies) return base::fail(latencies.error());
    ports::UsageSums total;
    LatencySums total_latency;
    Json data = Json::array();
    for (const UsageGroup& each : *sums) {
        total.add(each.sums);
        if (group == GroupBy::nothing) continue;
        Json entry = {{"name", each.name}, {"label", label_of(call, group, each.name)}};
        entry.update(with_latency(each.sums, *latencies, each.name));
        data.push_back(std::move(entry));
    }
    for (const auto& [name, each] : *latencies) total_latency.add(each);
    Json body = header_of(call, *scope);
    body["group"] = group_names[choice];
    body["total"] = to_json(total, &total_latency);
    body["data"] = std::move(data);
    return reply(body);
}

base::Result<Reply> show_series(Call& call) {
    constexpr std::string_view intervals[] = {"day", "hour"};
    const bool by_hour = call.query.choice("interval", intervals) == 1;
    const auto scope = read_scope(call, by_hour ? most_days_by_hour : most_days);
    if (!scope) return base::fail(scope.error());
    const std::size_t choice = call.query.choice("group", std::span(group_names).first(5));
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    const GroupBy group = groups[choice];
    auto& reports = call.parts.storage.usage_reports();
    const auto points = by_hour
                            ? reports.hours(scope->filter, times_of(*scope, call.parts.settings.zone), group)
                            : reports.days(scope->filter, scope->days(), group);
    if (!points) return base::fail(points.error());
    const bool has_latency = !by_hour && group == GroupBy::nothing;
    const auto latencies = has_latency ? latencies_of(call, *scope, GroupBy::day) : base::Result<Latencies>();
    if (!latencies) return base::fail(latencies.error());
    Json data = Json::array();
    for (const ports::SeriesPoint& point : *points) {
        const std::string start = point_start(point);
        Json entry = {{"start", start}, {"name", point.name}};
        entry.update(has_latency ? with_latency(point.sums, *latencies, start)
                                 : to_json(point.sums, nullptr));
        data.push_back(std::move(entry));
    }
    Json body = header_of(call, *scope);
    body["interval"] = by_hour ? "hour" : "day";
    body["group"] = group_names[choice];
    body["data"] = std::move(data);
    return reply(body);
}

} // namespace tollgate::dashboard
