// How a call ended, as data for settlement, log and metrics.
#pragma once

#include "tollgate/base/error.hpp"
#include "tollgate/base/money.hpp"
#include "tollgate/domain/usage.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tollgate::gateway {

/// `cut`: the stream ended by an error event; `failed`: an error was answered instead.
enum class Ending { completed, client_gone, cut, failed };

std::string_view to_string(Ending ending);

struct Outcome {
    Ending ending = Ending::failed;
    std::optional<base::ErrorCode> reason{}; // of a failure or a cut
    int upstream_status = 0;                 // 0: no answer came
    domain::Usage usage{};
    base::Money cost{}; // what is charged
    std::string provider{};
    std::optional<std::size_t> provider_index{}; // of its counts, MetricLabels
    std::string upstream_model{};
    std::uint32_t attempts = 0;
    std::optional<std::chrono::milliseconds> first_byte{};
    /// From the request's first byte to when it was sent to the provider that was asked first.
    std::optional<std::chrono::microseconds> sent_after{};
};

} // namespace tollgate::gateway
