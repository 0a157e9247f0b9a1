#include "tollgate/domain/token_window.hpp"

#include <algorithm>

namespace tollgate::domain {

using base::SteadyTime;
using std::chrono::milliseconds;

namespace {

// Keeps the sum within 64 bits for as many entries as fit into memory; far above any limit that a key may
// have.
constexpr std::uint64_t max_entry_tokens = std::uint64_t{1} << 40U;

} // namespace

bool TokenWindow::has_room(std::uint64_t tokens, std::uint64_t limit, SteadyTime now) {
    forget_what_left(now);
    return tokens <= limit && sum_ <= limit - tokens;
}

TokenWindow::Ticket TokenWindow::admit(std::uint64_t tokens, SteadyTime now) {
    const Entry entry{.time = forget_what_left(now), .tokens = std::min(tokens, max_entry_tokens)};
    entries_.push_back(entry);
    sum_ += entry.tokens;
    return first_ticket_ + entries_.size() - 1;
}

void TokenWindow::correct(Ticket ticket, std::uint64_t tokens) {
    if (ticket < first_ticket_ || ticket - first_ticket_ >= entries_.size()) return;
    Entry& entry = entries_[ticket - first_ticket_];
    sum_ -= entry.tokens;
    entry.tokens = std::min(tokens, max_entry_tokens);
    sum_ += entry.tokens;
}

std::uint64_t TokenWindow::remaining(std::uint64_t limit, SteadyTime now) {
    forget_what_left(now);
    return sum_ < limit ? limit - sum_ : 0;
}

std::optional<milliseconds> TokenWindow::time_to_room(std::uint64_t tokens, std::uint64_t limit,
                                                      SteadyTime now) {
    now = forget_what_left(now);
    if (tokens > limit) return std::nullopt;
    std::uint64_t still_there = sum_;
    milliseconds wait{0};
    for (const Entry& entry : entries_) {
        if (still_there <= limit - tokens) break;
        still_there -= entry.tokens;
        wait = std::chrono::ceil<milliseconds>(entry.time + window_span - now);
    }
    return wait;
}

milliseconds TokenWindow::time_to_empty(SteadyTime now) {
    now = forget_what_left(now);
    if (entries_.empty()) return milliseconds(0);
    return std::chrono::ceil<milliseconds>(entries_.back().time + window_span - now);
}

SteadyTime TokenWindow::forget_what_left(SteadyTime now) {
    if (!entries_.empty() && now < entries_.back().time) now = entries_.back().time;
    while (!entries_.empty() && entries_.front().time + window_span <= now) {
        sum_ -= entries_.front().tokens;
        entries_.pop_front();
        ++first_ticket_;
    }
    return now;
}

} // namespace tollgate::domain
