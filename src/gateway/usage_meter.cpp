#include "gateway/usage_meter.hpp"

namespace tollgate::gateway {

namespace {

constexpr std::size_t bytes_per_token = 4;

} // namespace

std::optional<upstream::ReportedUsage> UsageMeter::read_body(std::string_view json) {
    auto reported = upstream::read_usage(json);
    if (reported) {
        reported_ = reported->usage;
    } else {
        text_.add(upstream::measure_answer(json));
    }
    return reported;
}

std::optional<upstream::ReportedUsage> UsageMeter::read_chunk(std::string_view json) {
    std::optional<upstream::ReportedUsage> reported;
    if (upstream::may_hold_usage(json)) reported = upstream::read_usage(json);
    if (reported)
        reported_ =
            reported->usage; // cumulative where a provider reports more than once: the last one counts
    if (!reported || !reported->choices_empty) text_.add(upstream::measure_answer(json));
    return reported;
}

void UsageMeter::start_over() {
    text_ = domain::TextMeasure();
    reported_.reset();
}

domain::Usage UsageMeter::usage() const {
    if (reported_) return *reported_;
    domain::Usage estimated;
    estimated.input = (prompt_bytes_ + bytes_per_token - 1) / bytes_per_token;
    estimated.output = text_.tokens();
    estimated.source = domain::UsageSource::estimated;
    return estimated;
}

} // namespace tollgate::gateway
