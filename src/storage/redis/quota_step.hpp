// Steps over the counters of an account: demands and ends of calls, as turn.lua takes them, and its answers
// as decisions. Pure.
#pragma once

#include "storage/redis/client.hpp"
#include "storage/redis/packing.hpp"
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

/// A call that was given up before its answer came: its reservation may arrive later.
enum class EndKind { charged, given_up };

/// What becomes of a reservation at its end.
struct EndStep {
    EndKind kind = EndKind::charged;
    base::RequestId id{};
    base::KeyId key{};
    std::vector<std::string> purses{}; // names
    base::Money cost{};
    std::uint64_t tokens = 0;
};

/// Answers of a script that are no decision.
struct OtherEpoch {
    std::uint64_t epoch = 0;
};
struct TooLate {};
/// The reservation belongs to another key.
struct Conflict {};
/// Redis has answered, and not carried the step out.
struct NotDone {
    std::string reason{};
};

using StepAnswer = std::variant<domain::Decision, OtherEpoch, TooLate, Conflict, NotDone>;

/// Some demand's answer, which says itself where it ends.
struct DemandAnswer {
    std::uint8_t status = 0;
    std::uint8_t why = 0;
    std::uint8_t which = 0;
    std::int64_t wait_us = 0;
    std::int64_t amount = 0;
    std::int64_t cold = 0; // purses, as bits
    std::int64_t requests = 0;
    std::int64_t requests_reset_us = 0;
    std::int64_t spent = 0;
    std::int64_t reserved = 0;
    std::int64_t tokens = 0;
    std::int64_t tokens_reset_us = 0;
};

/// The next of a turn's answers.
DemandAnswer unpack_answer(Unpacker& answers);
StepAnswer read_answer(const domain::Demand& demand, const DemandAnswer& answer);

/// {4, epoch} of any script.
std::optional<OtherEpoch> find_other_epoch(const Reply& reply);

/// Money for a script: whole micro-units that its floating-point numbers hold exactly.
std::int64_t script_money(base::Money money);
/// The same for counts.
std::int64_t script_count(std::uint64_t count);

} // namespace tollgate::storage::redis
