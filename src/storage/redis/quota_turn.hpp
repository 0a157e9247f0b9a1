// What a worker's turn has for one account, as the one command that turn.lua takes. Pure.
#pragma once

#include "storage/redis/quota_step.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace tollgate::storage::redis {

/// What belongs together in one command, in one epoch; a request has at most one step in it.
struct TurnSteps {
    base::AccountId account{};
    std::uint64_t epoch = 0;
    std::span<const EndStep> ends{}; // carried out first
    std::span<const domain::Demand* const> demands{};
};

struct TurnQuestion {
    Question question;
    std::vector<std::size_t> order{}; // in which the demands are answered
};

TurnQuestion ask_turn(const TurnSteps& steps, StepTime time);

/// The answers of the demands, in the order of `order`; nothing when they make no sense.
std::vector<DemandAnswer> read_turn(std::string_view answers, std::size_t count);

} // namespace tollgate::storage::redis
