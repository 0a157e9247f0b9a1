#include "tollgate/domain/rate_window.hpp"

namespace tollgate::domain {

using base::SteadyTime;
using std::chrono::milliseconds;

bool RateWindow::has_place(std::uint32_t limit, SteadyTime now) {
    forget_what_left(now);
    return admissions_.size() < limit;
}

void RateWindow::admit(SteadyTime now) {
    admissions_.push_back(forget_what_left(now));
}

std::uint32_t RateWindow::remaining(std::uint32_t limit, SteadyTime now) {
    forget_what_left(now);
    return admissions_.size() < limit ? limit - static_cast<std::uint32_t>(admissions_.size()) : 0;
}

std::optional<milliseconds> RateWindow::time_to_place(std::uint32_t limit, SteadyTime now) {
    now = forget_what_left(now);
    if (limit == 0) return std::nullopt;
    if (admissions_.size() < limit) return milliseconds(0);
    // A limit that was lowered can leave more than one admission too many.
    const SteadyTime last_to_leave = admissions_[admissions_.size() - limit];
    return std::chrono::ceil<milliseconds>(last_to_leave + window_span - now);
}

milliseconds RateWindow::time_to_empty(SteadyTime now) {
    now = forget_what_left(now);
    if (admissions_.empty()) return milliseconds(0);
    return std::chrono::ceil<milliseconds>(admissions_.back() + window_span - now);
}

SteadyTime RateWindow::forget_what_left(SteadyTime now) {
    if (!admissions_.empty() && now < admissions_.back()) now = admissions_.back();
    while (!admissions_.empty() && admissions_.front() + window_span <= now) admissions_.pop_front();
    return now;
}

} // namespace tollgate::domain
