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

/// Of a message or a part of it: the form, not the text.
constexpr std::string_view plain_names[] = {"role", "content", "type", "text"};

constexpr std::size_t punctuation = 4; // around a name: quotes, colon, comma

bool is_one_of(std::string_view name, const auto& names) {
    return std::ranges::find(names, name) != std::end(names);
}

/// A picture in the body: its bytes are no text. Call::attachments has it.
bool is_picture(std::string_view raw, std::string_view name) {
    return (name == "url" || name == "image_url") && raw.starts_with("data:image/");
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

void PromptCount::member(std::string_view name) {
    if (region_ == Region::prompt && !is_one_of(name, plain_names)) leaves_ += name.size() + punctuation;
}

void PromptCount::text(std::string_view raw, std::size_t decoded_bytes, std::string_view name) {
    if (region_ != Region::prompt) return;
    constexpr std::size_t quotes = 2;
    leaves_ += is_picture(raw, name) ? object_tokens : decoded_bytes + quotes;
}

void PromptCount::scalar(std::size_t bytes) {
    count(bytes + 1);
}

} // namespace tollgate::http
