// The tokens of the last sixty seconds. A call counts as its estimate from the instant of its admission; when
// it is settled the entry takes the true figure but keeps its instant. Owned by one key's counters; not
// synchronised.
#pragma once

#include "tollgate/domain/rate_window.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace tollgate::domain {

/// Times behave as in RateWindow. The sum may pass a limit when calls used more than they were counted as:
/// then there is no room until enough has left. Amortised O(1), but time_to_room() looks at what must leave
/// first.
class TokenWindow {
public:
    using Ticket = std::uint64_t; // names an entry for as long as the window lives

    bool has_room(std::uint64_t tokens, std::uint64_t limit, base::SteadyTime now);

    /// Counts `tokens`. The caller has asked has_room().
    Ticket admit(std::uint64_t tokens, base::SteadyTime now);

    /// Replaces what the entry counts for; without effect once it has left the window.
    void correct(Ticket ticket, std::uint64_t tokens);

    std::uint64_t remaining(std::uint64_t limit, base::SteadyTime now);

    /// Until has_room() will say yes; 0: it does now; nothing: the demand alone is above the limit.
    std::optional<std::chrono::milliseconds> time_to_room(std::uint64_t tokens, std::uint64_t limit,
                                                          base::SteadyTime now);

    std::chrono::milliseconds time_to_empty(base::SteadyTime now);

private:
    struct Entry {
        base::SteadyTime time{};
        std::uint64_t tokens = 0;
    };

    base::SteadyTime forget_what_left(base::SteadyTime now);
    std::deque<Entry> entries_; // oldest first
    Ticket first_ticket_ = 0;   // of entries_.front()
    std::uint64_t sum_ = 0;
};

} // namespace tollgate::domain
