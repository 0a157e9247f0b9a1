// Metrics: each worker counts in a shard of its own without locks or atomic additions; a scrape adds the
// shards up and writes Prometheus text. Labels are chosen at start, so that counting is an index into an
// array and the number of series is bounded (docs/decisions/0010-metrics.md).
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/base/money.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tollgate::telemetry {

/// A call of the management API: the path as the table of calls has it, ids left open.
struct RouteLabel {
    std::string method{}; // "PATCH"
    std::string route{};  // "/api/api-keys/{id}"
};

/// What metrics are told apart by. The names are those of the configuration at start; what a reload adds
/// counts as `other`.
struct MetricLabels {
    std::vector<std::string> endpoints{}; // "chat.completions"
    std::vector<std::string> providers{}; // "openai"
    std::vector<RouteLabel> routes{};
};

enum class TokenKind { input, cached_input, cache_write, output, audio_input, audio_output };
enum class AttemptOutcome { success, connect_failure, timeout, rejected, rate_limited, server_error, broken };
enum class ConnectionSide { client, upstream };

/// A request at its end. Endpoint and provider are indexes of MetricLabels; absent: `other`, and `none` for a
/// request that no provider was asked for.
struct RequestSample {
    std::optional<std::size_t> endpoint{};
    std::optional<std::size_t> provider{};
    int status = 0; // 0: the client left before an answer
    std::chrono::microseconds duration{0};
    std::optional<std::chrono::microseconds> first_byte{};
    std::optional<std::chrono::microseconds> overhead{}; // of the duration, what the provider had no part in
};

/// A request to the management API or for the page. The route is an index of MetricLabels; absent: `other`.
struct ApiSample {
    std::optional<std::size_t> route{};
    int status = 0; // 0: the client left before an answer
    std::chrono::microseconds duration{0};
};

class MetricFamilies;

/// The counts of one worker. Only its thread calls; any thread may read at the same time.
class MetricShard {
public:
    explicit MetricShard(const MetricFamilies& families);

    void request_began();
    void request_ended(const RequestSample& sample);
    void refused(base::ErrorCode reason);
    void tokens_used(TokenKind kind, std::uint64_t count);
    void money_spent(base::Money amount);
    void attempt_ended(std::optional<std::size_t> provider, AttemptOutcome outcome);
    void api_request_ended(const ApiSample& sample);
    void connection_opened(ConnectionSide side);
    void connection_closed(ConnectionSide side);

    std::uint64_t value(std::size_t cell) const { return cells_[cell].load(std::memory_order_relaxed); }

private:
    void add(std::size_t cell, std::uint64_t amount);
    void observe(std::size_t first_cell, std::span<const std::uint32_t> bounds,
                 std::chrono::microseconds time);

    const MetricFamilies& families_;
    std::vector<std::atomic<std::uint64_t>> cells_;
};

/// A figure that somebody else keeps and reads for the scrape: journal, storage, log.
struct SampledMetric {
    enum class Type { counter, gauge };
    std::string_view name; // "tollgate_journal_bytes"
    std::string_view help;
    Type type = Type::gauge;
    std::vector<std::pair<std::string, std::int64_t>> values; // label set such as `store="redis"`, or ""
};

/// Counts a connection for as long as it lives; without a shard, nothing.
class ConnectionCount {
public:
    ConnectionCount(MetricShard* shard, ConnectionSide side) : shard_(shard), side_(side) {
        if (shard_ != nullptr) shard_->connection_opened(side_);
    }
    ~ConnectionCount() {
        if (shard_ != nullptr) shard_->connection_closed(side_);
    }
    ConnectionCount(const ConnectionCount&) = delete;
    ConnectionCount& operator=(const ConnectionCount&) = delete;

private:
    MetricShard* shard_;
    ConnectionSide side_;
};

/// All shards. Lives as long as the workers; text() may be called by any one thread at a time.
class Metrics {
public:
    Metrics(const MetricLabels& labels, std::size_t workers);
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    MetricShard& shard(std::size_t worker) { return *shards_[worker]; }

    /// The index of a name for RequestSample and attempt_ended; nothing: `other`.
    std::optional<std::size_t> endpoint(std::string_view name) const;
    std::optional<std::size_t> provider(std::string_view name) const;

    /// The scrape: Prometheus text of format 0.0.4.
    std::string text(std::span<const SampledMetric> sampled = {}) const;

private:
    std::unique_ptr<const MetricFamilies> families_;
    std::vector<std::unique_ptr<MetricShard>> shards_;
};

inline constexpr std::string_view metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

/// `name="value"` with backslash, quote and line end escaped, for SampledMetric.
std::string metric_label(std::string_view name, std::string_view value);

} // namespace tollgate::telemetry
