// Providers with their breakers, nodes, the audit log.
#include "dashboard/answers.hpp"
#include "dashboard/usage_json.hpp"

#include <algorithm>

namespace tollgate::dashboard {

namespace {

Json to_json(const CredentialHealth& credential) {
    return {{"label", credential.label},
            {"state", to_string(credential.standing)},
            {"open_workers", credential.open_workers},
            {"workers", credential.workers},
            {"failures", credential.failures},
            {"open_until", or_null(credential.open_until)}};
}

/// The node that answers knows more of itself than the registry does.
Json own_node(const NodeStatus& node, base::WallTime now) {
    return {{"name", node.name},
            {"host", node.host},
            {"version", node.version},
            {"started_at", dashboard::to_json(node.started_at)},
            {"seen_at", dashboard::to_json(now)},
            {"alive", true},
            {"reaches_redis", Json()},
            {"workers", node.workers},
            {"connections", node.connections},
            {"ready", node.ready},
            {"parts", Json(node.parts)},
            {"current", true}};
}

Json other_node(const domain::FleetNode& node) {
    const auto said = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
    const bool has_started = node.card.started_at > base::WallTime();
    return {{"name", node.member.node},
            {"host", said(node.card.host)},
            {"version", said(node.card.version)},
            {"started_at", has_started ? dashboard::to_json(node.card.started_at) : Json()},
            {"seen_at", dashboard::to_json(node.seen_at)},
            {"alive", node.member.is_alive},
            {"reaches_redis", node.member.reaches_store},
            {"workers", Json()},
            {"connections", Json()},
            {"ready", Json()},
            {"parts", Json()},
            {"current", false}};
}

Json to_json(const ports::AuditEntry& entry) {
    return {{"id", entry.id},
            {"at", dashboard::to_json(entry.at)},
            {"actor_id", entry.actor_id.empty() ? Json() : Json(entry.actor_id.text())},
            {"actor", entry.actor},
            {"action", entry.action},
            {"target", entry.target},
            {"address", entry.address},
            {"details", Json::parse(entry.details, nullptr, false)}};
}

ports::AuditFilter read_filter(Call& call) {
    const base::TimeZone& zone = call.parts.settings.zone;
    ports::AuditFilter filter;
    filter.actor_id = base::AccountId(call.query.text("actor").value_or(""));
    filter.action = call.query.text("action").value_or("");
    filter.target = call.query.text("target").value_or("");
    if (const auto first = call.query.day("from")) filter.from = zone.start_of(*first);
    if (const auto last = call.query.day("to")) filter.until = zone.start_of(*last + std::chrono::days(1));
    filter.after = call.query.number("after", 1, INT64_MAX);
    filter.limit = call.query.number("limit", 1, 200).value_or(50);
    return filter;
}

} // namespace

std::string_view to_string(CredentialStanding standing) {
    switch (standing) {
    case CredentialStanding::closed: return "closed";
    case CredentialStanding::half_open: return "half_open";
    case CredentialStanding::open: return "open";
    }
    return "";
}

base::Result<Reply> list_providers(Call& call) {
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    const auto today = call.parts.settings.zone.day_at(call.now);
    const ports::DayRange days{.first = today, .last = today};
    const auto sums = call.parts.storage.ledger().summary({}, days, ports::GroupBy::provider);
    if (!sums) return base::fail(sums.error());
    const auto latencies = call.parts.storage.usage_reports().latencies({}, days, ports::GroupBy::provider);
    if (!latencies) return base::fail(latencies.error());
    Json data = Json::array();
    for (const ProviderHealth& provider : call.parts.cluster.providers(call.now)) {
        const auto sum = std::ranges::find(*sums, provider.name, &ports::UsageGroup::name);
        const auto latency = std::ranges::find(*latencies, provider.name, &ports::GroupLatency::name);
        const domain::LatencySums shown = latency == latencies->end() ? domain::LatencySums{} : latency->sums;
        Json credentials = Json::array();
        for (const CredentialHealth& credential : provider.credentials)
            credentials.push_back(to_json(credential));
        data.push_back({{"name", provider.name},
                        {"base_url", provider.base_url},
                        {"attempts", provider.attempts},
                        {"credentials", std::move(credentials)},
                        {"today", to_json(sum == sums->end() ? ports::UsageSums{} : sum->sums, &shown)}});
    }
    return reply({{"node", call.parts.settings.node}, {"data", std::move(data)}});
}

base::Result<Reply> list_nodes(Call& call) {
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    const NodeStatus self = call.parts.cluster.node();
    Json own = own_node(self, call.now);
    Json others = Json::array();
    if (ports::Fleet* fleet = call.parts.storage.fleet(); fleet != nullptr) {
        const auto known = fleet->nodes();
        if (!known) return base::fail(known.error());
        for (const domain::FleetNode& node : *known) {
            if (node.member.node == self.name) {
                own["reaches_redis"] = node.member.reaches_store;
            } else {
                others.push_back(other_node(node));
            }
        }
    }
    Json data = Json::array({std::move(own)});
    data.insert(data.end(), others.begin(), others.end());
    return reply({{"data", std::move(data)}});
}

base::Result<Reply> list_audit(Call& call) {
    const ports::AuditFilter filter = read_filter(call);
    if (auto done = call.query.finish(); !done) return base::fail(done.error());
    const auto page = call.parts.storage.audit_log().list(filter);
    if (!page) return base::fail(page.error());
    Json data = Json::array();
    for (const ports::AuditEntry& entry : page->entries) data.push_back(to_json(entry));
    return reply(
        {{"data", std::move(data)}, {"next", page->next ? Json(std::to_string(*page->next)) : Json()}});
}

} // namespace tollgate::dashboard
