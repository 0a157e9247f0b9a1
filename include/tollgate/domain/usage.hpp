// Tokens used by one call, in disjoint kinds, and how we know them.
#pragma once

#include <cstdint>
#include <string_view>

namespace tollgate::domain {

/// How the figures came to be: reported by the provider, estimated from bytes, or left by a process that
/// died.
enum class UsageSource { provider, estimated, interrupted };

std::string_view to_string(UsageSource source);

/// Disjoint: a cached input token is not counted as input, a reasoning token is an output token.
struct Usage {
    std::uint64_t input = 0;
    std::uint64_t cached_input = 0;
    std::uint64_t cache_write = 0;
    std::uint64_t output = 0;
    std::uint64_t audio_input = 0;
    std::uint64_t audio_output = 0;
    std::uint64_t images = 0;
    std::uint64_t requests = 1;
    std::uint64_t reasoning = 0; // of output; for display, never priced
    UsageSource source = UsageSource::estimated;

    std::uint64_t prompt_tokens() const { return input + cached_input + cache_write + audio_input; }
    std::uint64_t completion_tokens() const { return output + audio_output; }
    std::uint64_t total_tokens() const { return prompt_tokens() + completion_tokens(); }
    friend bool operator==(const Usage&, const Usage&) = default;
};

} // namespace tollgate::domain
