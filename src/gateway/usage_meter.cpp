#include "gateway/usage_meter.hpp"

#include <algorithm>

namespace tollgate::gateway {

namespace {

constexpr std::size_t bytes_per_token = 4;

} // namespace

upstream::WholeAnswer UsageMeter::read_body(std::string_view json) {
    upstream::WholeAnswer answer = upstream::read_answer(json);
    if (answer.reported) {
        reported_ = answer.reported->usage;
    } else if (answer.is_object) {
        text_.add(upstream::read_chunk(json).text);
    }
    return answer;
}

std::optional<upstream::ReportedUsage> UsageMeter::read_chunk(std::string_view json) {
    const upstream::AnswerChunk chunk = upstream::read_chunk(json);
    // Cumulative where a provider reports more than once: the last one counts.
    if (chunk.reported) reported_ = chunk.reported->usage;
    if (!chunk.reported || !chunk.reported->choices_empty) {
        chunks_ += chunk.text.bytes() > 0 ? 1 : 0;
        text_.add(chunk.text);
    }
    return chunk.reported;
}

std::uint64_t UsageMeter::least_output() const {
    // The estimate is off by less than a quarter for most texts (decision 9). Where it is not (pages of
    // blanks), there are few chunks with text, of a token at least, and few bytes for the longest tokens.
    constexpr std::uint64_t doubt = 16;
    constexpr std::uint64_t long_token_bytes = 32;
    const std::uint64_t likely = text_.tokens() / 4 * 3;
    const std::uint64_t sure = std::min(likely, std::max(chunks_, text_.bytes() / long_token_bytes));
    const std::uint64_t reported = reported_ ? reported_->completion_tokens() : 0;
    return std::max(reported, sure > doubt ? sure - doubt : 0);
}

std::uint64_t UsageMeter::most_output() const {
    return std::max(reported_ ? reported_->completion_tokens() : 0, text_.bytes());
}

void UsageMeter::start_over() {
    text_ = domain::TextMeasure();
    chunks_ = 0;
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
