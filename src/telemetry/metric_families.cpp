#include "telemetry/metric_families.hpp"

#include <initializer_list>
#include <utility>

namespace tollgate::telemetry {

namespace {

using Labels = std::vector<std::string>;

// The class 0 stands for a client that left before an answer.
constexpr std::array<std::string_view, 6> status_classes{"none", "1xx", "2xx", "3xx", "4xx", "5xx"};
constexpr std::array<std::string_view, 7> outcomes{"success",      "connect_failure", "timeout", "rejected",
                                                   "rate_limited", "server_error",    "broken"};
constexpr auto last_reason = static_cast<std::size_t>(base::ErrorCode::already_exists);

Labels labels_of(std::string_view name, std::initializer_list<std::string_view> values) {
    Labels labels;
    for (const std::string_view value : values) labels.push_back(metric_label(name, value));
    return labels;
}

Labels with(Labels names, std::initializer_list<std::string_view> more) {
    names.insert(names.end(), more.begin(), more.end());
    return names;
}

/// Every combination, the last label running fastest.
template <class Values>
Labels crossed(const Labels& labels, std::string_view name, const Values& values) {
    Labels result;
    for (const std::string& label : labels) {
        for (const auto& value : values) {
            result.push_back((label.empty() ? "" : label + ",") + metric_label(name, value));
        }
    }
    return result;
}

Labels reasons() {
    Labels labels;
    for (std::size_t i = 0; i <= last_reason; ++i) {
        labels.push_back(metric_label("reason", base::to_string(static_cast<base::ErrorCode>(i))));
    }
    return labels;
}

Labels routes(const std::vector<RouteLabel>& known) {
    Labels labels;
    for (const RouteLabel& each : known)
        labels.push_back(metric_label("route", each.route) + "," + metric_label("method", each.method));
    labels.push_back(metric_label("route", "other") + "," + metric_label("method", "other"));
    return labels;
}

MetricFamily requests_by_route(const std::vector<RouteLabel>& known) {
    return {.name = "tollgate_api_requests_total",
            .help = "Requests to the management API and for the page, by route and status class.",
            .type = FamilyType::counter,
            .labels = crossed(routes(known), "status", status_classes),
            .empty = EmptySeries::left_out};
}

std::size_t class_of(int status) {
    return status >= 100 && status < 600 ? static_cast<std::size_t>(status / 100) : 0;
}

MetricFamily histogram(std::string_view name, std::string_view help, std::span<const std::uint32_t> bounds) {
    return {.name = name, .help = help, .type = FamilyType::histogram, .labels = {""}, .bounds = bounds};
}

MetricFamily durations_of_the_api() {
    return histogram("tollgate_api_request_duration_seconds",
                     "How long requests to the management API and for the page took.", duration_bounds);
}

} // namespace

MetricFamilies::MetricFamilies(const MetricLabels& labels)
    : requests{.name = "tollgate_requests_total",
               .help = "Requests answered, by endpoint, provider and status class.",
               .type = FamilyType::counter,
               .labels = crossed(crossed(crossed({""}, "endpoint", with(labels.endpoints, {"other"})),
                                         "provider", with(labels.providers, {"none"})),
                                 "status", status_classes),
               .empty = EmptySeries::left_out},
      in_flight{.name = "tollgate_requests_in_flight",
                .help = "Requests being served.",
                .type = FamilyType::gauge,
                .labels = {""}},
      refusals{.name = "tollgate_refusals_total",
               .help = "Requests answered with an error of the gateway, by reason.",
               .type = FamilyType::counter,
               .labels = reasons(),
               .empty = EmptySeries::left_out},
      tokens{.name = "tollgate_tokens_total",
             .help = "Tokens charged, by kind; the kinds are disjoint.",
             .type = FamilyType::counter,
             .labels = labels_of(
                 "kind", {"input", "cached_input", "cache_write", "output", "audio_input", "audio_output"})},
      spend{.name = "tollgate_spend_micro_units_total",
            .help = "Money charged, in millionths of the ledger currency.",
            .type = FamilyType::counter,
            .labels = {""}},
      attempts{.name = "tollgate_upstream_attempts_total",
               .help = "Attempts at providers, by provider and outcome.",
               .type = FamilyType::counter,
               .labels = crossed(crossed({""}, "provider", with(labels.providers, {"other"})), "outcome",
                                 outcomes)},
      connections{.name = "tollgate_connections",
                  .help = "Open connections, by side.",
                  .type = FamilyType::gauge,
                  .labels = labels_of("side", {"client", "upstream"})},
      durations(histogram("tollgate_request_duration_seconds",
                          "From the first byte of a request to the last byte of its answer.",
                          duration_bounds)),
      first_bytes(histogram("tollgate_first_byte_seconds",
                            "From the first byte of a request to the first byte of its answer.",
                            duration_bounds)),
      overheads(histogram("tollgate_overhead_seconds",
                          "The part of a request's duration that the provider had no part in.",
                          overhead_bounds)),
      api_requests(requests_by_route(labels.routes)),
      api_durations(durations_of_the_api()),
      names_(labels) {
    for (MetricFamily* family : {&requests, &in_flight, &refusals, &tokens, &spend, &attempts, &connections,
                                 &durations, &first_bytes, &overheads, &api_requests, &api_durations}) {
        family->first_cell = cell_count_;
        cell_count_ += family->cell_count();
        all_.push_back(family);
    }
}

std::size_t MetricFamilies::request_cell(const RequestSample& sample) const {
    const std::size_t endpoint = sample.endpoint.value_or(names_.endpoints.size());
    const std::size_t provider = sample.provider.value_or(names_.providers.size());
    return requests.first_cell +
           (endpoint * (names_.providers.size() + 1) + provider) * status_classes.size() +
           class_of(sample.status);
}

std::size_t MetricFamilies::api_cell(const ApiSample& sample) const {
    return api_requests.first_cell + sample.route.value_or(names_.routes.size()) * status_classes.size() +
           class_of(sample.status);
}

std::size_t MetricFamilies::attempt_cell(std::optional<std::size_t> provider, AttemptOutcome outcome) const {
    return attempts.first_cell + provider.value_or(names_.providers.size()) * outcomes.size() +
           static_cast<std::size_t>(outcome);
}

} // namespace tollgate::telemetry
