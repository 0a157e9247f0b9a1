// What is counted: names, help, labels, and where in a shard each series has its cell. Made once at start and
// then only read.
#pragma once

#include "tollgate/telemetry/metrics.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::telemetry {

/// Upper ends of the buckets in microseconds; one more bucket is without end.
inline constexpr std::array<std::uint32_t, 18> duration_bounds{
    5'000,      10'000,     25'000,      50'000,      100'000,     250'000,
    500'000,    1'000'000,  2'500'000,   5'000'000,   10'000'000,  20'000'000,
    30'000'000, 60'000'000, 120'000'000, 300'000'000, 600'000'000, 900'000'000};
inline constexpr std::array<std::uint32_t, 14> overhead_bounds{
    50, 100, 200, 500, 1'000, 2'000, 5'000, 10'000, 20'000, 50'000, 100'000, 500'000, 1'000'000, 5'000'000};

enum class FamilyType { counter, gauge, histogram };

enum class EmptySeries { written, left_out }; // left out: too many combinations never happen

struct MetricFamily {
    std::string_view name;
    std::string_view help;
    FamilyType type;
    std::vector<std::string> labels; // of each series in the order of cells: `kind="input"`, or "" for none
    std::span<const std::uint32_t> bounds{};
    EmptySeries empty = EmptySeries::written;
    std::size_t first_cell = 0;

    /// A histogram has its buckets, the endless one included, and the sum in microseconds.
    std::size_t cell_count() const {
        return type == FamilyType::histogram ? bounds.size() + 2 : labels.size();
    }
};

class MetricFamilies {
public:
    explicit MetricFamilies(const MetricLabels& labels);

    MetricFamily requests;
    MetricFamily in_flight;
    MetricFamily refusals;
    MetricFamily tokens;
    MetricFamily spend;
    MetricFamily attempts;
    MetricFamily connections;
    MetricFamily durations;
    MetricFamily first_bytes;
    MetricFamily overheads;
    MetricFamily api_requests;
    MetricFamily api_durations;

    std::span<const MetricFamily* const> all() const { return all_; }
    std::size_t cell_count() const { return cell_count_; }

    std::size_t request_cell(const RequestSample& sample) const;
    std::size_t api_cell(const ApiSample& sample) const;
    std::size_t attempt_cell(std::optional<std::size_t> provider, AttemptOutcome outcome) const;

    const MetricLabels& names() const { return names_; }

private:
    MetricLabels names_;
    std::vector<const MetricFamily*> all_;
    std::size_t cell_count_ = 0;
};

} // namespace tollgate::telemetry
