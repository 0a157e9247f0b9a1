#include "http/prompt_count.hpp"

#include <algorithm>

namespace tollgate::http {

namespace {

/// What goes to the model as text is counted leaf by leaf.
constexpr std::string_view prompt_members[] = {"messages", "prompt", "input"};

/// Documented as settings of the call: the model never reads them.
constexpr std::string_view setting_members[] = {
    "model",
    "stream",
    "stream_options",
    "max_tokens",
    "max_completion_tokens",
    "n",
    "best_of",
    "temperature",
    "top_p",
    "presence_penalty",
    "stop",
    "seed",
    "user",
    "frequency_penalty",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "metadata",
    "store",
    "service_tier",
    "dimensions",
    "encoding_format",
    "prompt_cache_key",
    "safety_identifier",
    "parallel_tool_calls",
};

/// Known to be put into the prompt in a form of the provider's; their bytes count as they stand.
constexpr std::string_view other_members[] = {"tools",  "tool_choice",   "functions",
                                              "suffix", "function_call", "response_format"};

bool is_one_of(std::string_view name, const auto& names) {
    return std::ranges::find(names, name) != std::end(names);
}

} // namespace

void PromptCount::begin_member(std::string_view name) {
    leaves_ = 0;
    if (is_one_of(name, prompt_members)) {
        region_ = Region::prompt;
    } else {
        region_ = is_one_of(name, setting_members) ? Region::settings : Region::outside;
    }
}

void PromptCount::end_member(std::string_view name, std::size_t value_bytes) {
    const std::uint64_t raw = name.size() + punctuation + value_bytes;
    if (region_ == Region::prompt) tokens_ += std::min(leaves_, raw);
    if (region_ == Region::outside) {
        tokens_ += raw;
        has_unknown_member_ = has_unknown_member_ || !is_one_of(name, other_members);
    }
    region_ = Region::outside;
}

} // namespace tollgate::http
