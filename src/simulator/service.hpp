// What the connections of all threads share: settings, the log, counters. Owned by the server; outlives every
// thread.
#pragma once

#include "simulator/attempts.hpp"
#include "simulator/records.hpp"
#include "simulator/settings.hpp"

#include <atomic>
#include <cstdint>

namespace tollgate::simulator {

struct Service {
    explicit Service(Settings given);

    const Settings settings;
    Records records;
    Attempts attempts;
    const std::uint64_t run; // differs between processes, for unique identifiers
    std::atomic<std::uint64_t> answers{0};
    std::atomic<std::uint64_t> connections_total{0};
    std::atomic<std::uint64_t> connections_open{0};
};

} // namespace tollgate::simulator
