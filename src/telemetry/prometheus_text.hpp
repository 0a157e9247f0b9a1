// Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). Pure.
#pragma once

#include "telemetry/metric_families.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace tollgate::telemetry {

/// `cells` are the family's sums over all shards.
void append_family(std::string& out, const MetricFamily& family, std::span<const std::uint64_t> cells);

void append_sampled(std::string& out, const SampledMetric& metric);

} // namespace tollgate::telemetry
