#include "upstream/usage_counts.hpp"

#include <algorithm>

namespace tollgate::upstream {

namespace {

/// Takes up to `wanted` out of `rest`.
std::uint64_t take_out(std::uint64_t& rest, std::optional<std::uint64_t> wanted) {
    const std::uint64_t taken = std::min(rest, wanted.value_or(0));
    rest -= taken;
    return taken;
}

} // namespace

UsageCounts::Part UsageCounts::part_of(std::string_view name) {
    if (name == "prompt_tokens_details") return Part::prompt_details;
    if (name == "completion_tokens_details") return Part::completion_details;
    return Part::whole;
}

void UsageCounts::take(Part part, std::string_view name, ReportedCount value) {
    switch (part) {
    case Part::whole: return take_of_whole(name, value);
    case Part::prompt_details:
        if (name == "cached_tokens") cached_ = value.count();
        if (name == "cache_write_tokens") cache_write_ = value.count();
        if (name == "audio_tokens") audio_prompt_ = value.count();
        return;
    case Part::completion_details:
        if (name == "reasoning_tokens") reasoning_ = value.count();
        if (name == "audio_tokens") audio_completion_ = value.count();
        return;
    }
}

void UsageCounts::take_of_whole(std::string_view name, ReportedCount value) {
    if (name == "prompt_tokens") return take_main(prompt_, value);
    if (name == "completion_tokens") return take_main(completion_, value);
    if (name == "total_tokens") return take_main(total_, value);
    // DeepSeek's and Moonshot's names for cached_tokens.
    if (name == "prompt_cache_hit_tokens" || name == "cached_tokens") {
        if (!cached_) cached_ = value.count();
    }
}

/// A count that the whole usage hangs on: null is as good as absent, anything else must be a count.
void UsageCounts::take_main(Count& target, ReportedCount value) {
    if (value.is_null()) return;
    target = value.count();
    is_broken_ = is_broken_ || !target.has_value();
}

std::optional<domain::Usage> UsageCounts::usage() const {
    if (is_broken_ || !prompt_) return std::nullopt;
    domain::Usage usage{.source = domain::UsageSource::provider};
    std::uint64_t prompt = *prompt_;
    usage.cached_input = take_out(prompt, cached_);
    usage.cache_write = take_out(prompt, cache_write_);
    usage.audio_input = take_out(prompt, audio_prompt_);
    usage.input = prompt;

    std::uint64_t completion = completion_.value_or(0);
    const std::uint64_t counted = *prompt_ + completion;
    const std::uint64_t total = total_.value_or(counted);
    // Embeddings have no completion; a total of their own is no thinking.
    const std::uint64_t thinking = completion_ && total > counted ? total - counted : 0;
    usage.audio_output = take_out(completion, audio_completion_);
    usage.output = completion + thinking;
    usage.reasoning = std::min(usage.output, std::max(thinking, reasoning_.value_or(0)));
    return usage;
}

} // namespace tollgate::upstream
