#include "tollgate/telemetry/metrics.hpp"

#include "telemetry/metric_families.hpp"
#include "telemetry/prometheus_text.hpp"

#include <algorithm>
#include <utility>

namespace tollgate::telemetry {

namespace {

std::optional<std::size_t> index_of(const std::vector<std::string>& names, std::string_view name) {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names.begin());
}

} // namespace

MetricShard::MetricShard(const MetricFamilies& families)
    : families_(families), cells_(families.cell_count()) {}

void MetricShard::add(std::size_t cell, std::uint64_t amount) {
    // One thread writes: no locked addition is needed, only that a reader sees a whole number.
    auto& target = cells_[cell];
    target.store(target.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}

void MetricShard::observe(std::size_t first_cell, std::span<const std::uint32_t> bounds,
                          std::chrono::microseconds time) {
    const auto micros = static_cast<std::uint64_t>(std::max<std::int64_t>(time.count(), 0));
    const auto bucket = std::ranges::lower_bound(bounds, micros) - bounds.begin();
    add(first_cell + static_cast<std::size_t>(bucket), 1);
    add(first_cell + bounds.size() + 1, micros);
}

void MetricShard::request_began() {
    add(families_.in_flight.first_cell, 1);
}

void MetricShard::request_ended(const RequestSample& sample) {
    add(families_.in_flight.first_cell, ~std::uint64_t{0}); // minus one; the sum over shards wraps back
    add(families_.request_cell(sample), 1);
    observe(families_.durations.first_cell, duration_bounds, sample.duration);
    if (sample.first_byte) observe(families_.first_bytes.first_cell, duration_bounds, *sample.first_byte);
    if (sample.overhead) observe(families_.overheads.first_cell, overhead_bounds, *sample.overhead);
}

void MetricShard::refused(base::ErrorCode reason) {
    add(families_.refusals.first_cell + static_cast<std::size_t>(reason), 1);
}

void MetricShard::tokens_used(TokenKind kind, std::uint64_t count) {
    add(families_.tokens.first_cell + static_cast<std::size_t>(kind), count);
}

void MetricShard::money_spent(base::Money amount) {
    if (!amount.is_negative()) add(families_.spend.first_cell, static_cast<std::uint64_t>(amount.micros()));
}

void MetricShard::attempt_ended(std::optional<std::size_t> provider, AttemptOutcome outcome) {
    add(families_.attempt_cell(provider, outcome), 1);
}

void MetricShard::api_request_ended(const ApiSample& sample) {
    add(families_.api_cell(sample), 1);
    observe(families_.api_durations.first_cell, duration_bounds, sample.duration);
}

void MetricShard::connection_opened(ConnectionSide side) {
    add(families_.connections.first_cell + static_cast<std::size_t>(side), 1);
}

void MetricShard::connection_closed(ConnectionSide side) {
    add(families_.connections.first_cell + static_cast<std::size_t>(side), ~std::uint64_t{0});
}

Metrics::Metrics(const MetricLabels& labels, std::size_t workers)
    : families_(std::make_unique<const MetricFamilies>(labels)) {
    for (std::size_t i = 0; i < workers; ++i) shards_.push_back(std::make_unique<MetricShard>(*families_));
}

Metrics::~Metrics() = default;

std::optional<std::size_t> Metrics::endpoint(std::string_view name) const {
    return index_of(families_->names().endpoints, name);
}

std::optional<std::size_t> Metrics::provider(std::string_view name) const {
    return index_of(families_->names().providers, name);
}

std::string Metrics::text(std::span<const SampledMetric> sampled) const {
    std::vector<std::uint64_t> sums(families_->cell_count());
    for (const auto& shard : shards_) {
        for (std::size_t cell = 0; cell < sums.size(); ++cell) sums[cell] += shard->value(cell);
    }
    std::string out;
    for (const MetricFamily* family : families_->all()) {
        append_family(out, *family, std::span(sums).subspan(family->first_cell, family->cell_count()));
    }
    for (const SampledMetric& metric : sampled) append_sampled(out, metric);
    return out;
}

} // namespace tollgate::telemetry
