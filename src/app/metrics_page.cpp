#include "app/metrics_page.hpp"

#include "app/shared_quota.hpp"
#include "tollgate/http/error_response.hpp"
#include "tollgate/http/exchange.hpp"
#include "tollgate/telemetry/log.hpp"

#include <vector>

namespace tollgate::app {

std::string MetricsPage::text() const {
    using telemetry::SampledMetric;
    const storage::JournalStatus journal = journal_.status();
    const auto figure = [](std::size_t value) {
        return std::vector<std::pair<std::string, std::int64_t>>{{"", static_cast<std::int64_t>(value)}};
    };
    std::size_t look_ups = 0;
    for (const auto* count : key_look_ups_) look_ups += count->load(std::memory_order_relaxed);
    std::vector<SampledMetric> sampled = {
        {"tollgate_key_lookups_total", "Times that the database was asked for a key.",
         SampledMetric::Type::counter, figure(look_ups)},
        {"tollgate_journal_writable", "1 while the journal can be written; 0 refuses new calls.",
         SampledMetric::Type::gauge, figure(journal.is_writable ? 1 : 0)},
        {"tollgate_journal_calls", "Calls in flight or on their way to the ledger.",
         SampledMetric::Type::gauge, figure(journal.calls)},
        {"tollgate_journal_waiting", "Ended calls that the ledger does not have yet.",
         SampledMetric::Type::gauge, figure(journal.waiting)},
        {"tollgate_log_dropped_lines_total", "Log lines that a full queue gave up.",
         SampledMetric::Type::counter, figure(telemetry::dropped_log_lines())},
    };
    const auto fleet = fleet_figures();
    sampled.insert(sampled.end(), fleet.begin(), fleet.end());
    return metrics_.text(sampled);
}

std::vector<telemetry::SampledMetric> MetricsPage::fleet_figures() const {
    using telemetry::SampledMetric;
    if (fleet_ == nullptr) return {};
    std::uint64_t commands = 0;
    std::uint64_t local_steps = 0;
    bool is_up = true;
    for (const auto* status : fleet_->statuses()) {
        commands += status->commands.load();
        local_steps += status->local_steps.load();
        is_up = is_up && status->is_up.load();
    }
    const auto summary = fleet_->fleet();
    const auto figure = [](std::uint64_t value) {
        return std::vector<std::pair<std::string, std::int64_t>>{{"", static_cast<std::int64_t>(value)}};
    };
    return {
        {"tollgate_redis_up", "1 while every worker is connected to Redis.", SampledMetric::Type::gauge,
         figure(is_up)},
        {"tollgate_redis_commands_total", "Commands sent to Redis.", SampledMetric::Type::counter,
         figure(commands)},
        {"tollgate_quota_local_steps_total", "Limits decided without Redis.", SampledMetric::Type::counter,
         figure(local_steps)},
        {"tollgate_quota_local", "1 while every node counts its share without Redis.",
         SampledMetric::Type::gauge, figure(summary.is_local)},
        {"tollgate_quota_complete", "1 while budgets are known; 0 while they are rebuilt.",
         SampledMetric::Type::gauge, figure(summary.is_complete)},
        {"tollgate_quota_epoch", "The epoch of the shared counters; it grows when they had to be rebuilt.",
         SampledMetric::Type::gauge, figure(summary.epoch)},
        {"tollgate_fleet_nodes", "Nodes that share the database and Redis.", SampledMetric::Type::gauge,
         figure(summary.nodes)},
    };
}

runtime::Task<> MetricsPage::serve(http::Exchange& exchange) {
    const bool right = exchange.head().path == "/metrics" && exchange.head().method == "GET";
    const base::Error error{.code = base::ErrorCode::unknown_path,
                            .source = base::ErrorSource::client,
                            .message = "metrics are at /metrics"};
    const std::string body = right ? text() : http::error_body(error);
    const std::string_view type =
        right ? telemetry::metrics_content_type : std::string_view("application/json");
    const auto sent = co_await exchange.responder().send(right ? 200 : 404, type, body);
    static_cast<void>(sent); // a scraper that has left needs no answer
}

} // namespace tollgate::app
