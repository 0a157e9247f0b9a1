// A demand as reserve.lua takes it, and its answer as a decision. Pure.
#pragma once

#include "storage/redis/client.hpp"
#include "tollgate/domain/quota.hpp"

#include <cstdint>
#include <optional>
#include <variant>

namespace tollgate::storage::redis {

/// Microseconds of the clock that the scripts go by; -1: that of the server.
struct StepTime {
    std::int64_t now_us = -1;
    std::int64_t latest_us = -1; // of the server: later, the step is void; -1: never
};

Question ask_reserve(const domain::Demand& demand, std::uint64_t epoch, StepTime time);

/// Answers of a script that are no decision.
struct OtherEpoch {
    std::uint64_t epoch = 0;
};
struct TooLate {};

using StepAnswer = std::variant<domain::Decision, OtherEpoch, TooLate>;

/// Error: storage_unavailable (an error reply, or one that makes no sense), conflict.
base::Result<StepAnswer> read_reserve(const domain::Demand& demand, const Reply& reply);

/// {4, epoch} of any script.
std::optional<OtherEpoch> find_other_epoch(const Reply& reply);

/// Money for a script: whole micro-units that its floating-point numbers hold exactly.
std::int64_t script_money(base::Money money);

} // namespace tollgate::storage::redis
