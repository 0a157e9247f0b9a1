#include "app/metrics_page.hpp"

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
    const std::vector<SampledMetric> sampled = {
        {"tollgate_journal_writable", "1 while the journal can be written; 0 refuses new calls.",
         SampledMetric::Type::gauge, figure(journal.is_writable ? 1 : 0)},
        {"tollgate_journal_calls", "Calls in flight or on their way to the ledger.",
         SampledMetric::Type::gauge, figure(journal.calls)},
        {"tollgate_journal_waiting", "Ended calls that the ledger does not have yet.",
         SampledMetric::Type::gauge, figure(journal.waiting)},
        {"tollgate_log_dropped_lines_total", "Log lines that a full queue gave up.",
         SampledMetric::Type::counter, figure(telemetry::dropped_log_lines())},
    };
    return metrics_.text(sampled);
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
